import { expect, it } from 'vitest';
import { copyArrays } from './copy-arrays.js';

const arrays = {
  a: { shape: [2], values: Float32Array.of(1, 2) },
  b: { shape: [3], values: new Float32Array(new SharedArrayBuffer(12)) },
};

it('copies into memory of its own', () => {
  const copies = copyArrays(arrays);
  expect(copies).toEqual(arrays);
  expect(copies.a?.values).not.toBe(arrays.a.values);
  expect(copies.b?.values.buffer).toBeInstanceOf(ArrayBuffer);
});

it('uses the memory it is given where that fits', () => {
  const room = { a: { shape: [2], values: new Float32Array(2) }, b: { shape: [1], values: new Float32Array(1) } };
  const copies = copyArrays(arrays, room);
  expect(copies).toEqual(arrays);
  expect(copies.a?.values).toBe(room.a.values);
  expect(copies.b?.values).not.toBe(room.b.values);
});
