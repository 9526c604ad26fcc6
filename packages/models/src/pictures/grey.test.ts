import { expect, it } from 'vitest';
import { ModelError } from '../model-error.js';
import { toGrey } from './grey.js';

const near = (found: Float32Array, expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 4);
  });
};
const size = { width: 2, height: 1 };

it('reads pictures as decoders give them: 1 to 4 values a pixel of 1, 8 or 16 bits', () => {
  near(toGrey({ ...size, data: Uint8Array.of(0, 255) }), [0, 1]);
  near(toGrey({ ...size, data: Uint8Array.of(0, 1), depth: 1 }), [0, 1]);
  near(toGrey({ ...size, data: Uint16Array.of(0, 65_535, 32_768, 65_535, 32_768, 32_768) }), [0.7513, 0.60631]);
  near(toGrey({ ...size, data: Uint8Array.of(255, 0, 255, 255) }), [0, 1]);
  near(toGrey({ ...size, data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 0) }), [0.2126, 0]);
});

it.each([
  [{ ...size, data: Uint8Array.of(0, 1), palette: [[0, 0, 0]] }, 'the picture has a palette: give its colours'],
  [
    { ...size, data: Uint8Array.of(0, 1, 2) },
    'the picture of 1×2 pixels has 3 values: give 1 (grey), 2, 3 (RGB) or 4 (RGBA) a pixel.',
  ],
])('refuses another', (picture, sentence) => {
  expect(() => toGrey(picture)).toThrow(ModelError);
  expect(() => toGrey(picture)).toThrow(sentence);
});
