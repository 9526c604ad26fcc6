import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toBase64 } from './base64.js';

it('is the Base64 of any bytes, and of any text in UTF-8', () => {
  expect(toBase64(Uint8Array.of(0, 255, 16))).toBe('AP8Q');
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(toBase64(text)).toBe(Buffer.from(text).toString('base64'));
    }),
  );
});

it('takes more bytes than a call has arguments', () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});
