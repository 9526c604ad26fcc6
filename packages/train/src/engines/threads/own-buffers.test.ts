import { expect, it } from 'vitest';
import { ownBuffers } from './own-buffers.js';

it('names each buffer that a message has for itself once, and no other', () => {
  const own = new Float32Array(4);
  const other = new Float32Array(2);
  const message = {
    type: 'infer',
    batch: { frames: own, batch: 1 },
    list: [{ a: other }, { a: other.subarray(0) }],
    part: new Float32Array(8).subarray(2),
    shared: new Float32Array(new SharedArrayBuffer(8)),
    nothing: null,
  };
  expect(ownBuffers(message)).toEqual([own.buffer, other.buffer]);
});
