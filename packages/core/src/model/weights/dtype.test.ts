import { describe, expect, it } from 'vitest';
import { DTYPES, float16ToNumber } from './dtype.js';

describe('float16ToNumber', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x83ff, -1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('reads the bits %i as %d', (bits, value) => {
    expect(float16ToNumber(bits)).toBe(value);
  });

  it('keeps the sign of zero', () => {
    expect(Object.is(float16ToNumber(0x8000), -0)).toBe(true);
  });

  it('gives every finite pattern a distinct number, in order', () => {
    const positive = Array.from({ length: 0x7c00 }, (_, bits) => float16ToNumber(bits));
    expect(positive.every((value, i) => i === 0 || value > positive[i - 1]!)).toBe(true);
  });
});

describe('DTYPES', () => {
  it('reads bfloat16 as the upper half of a float32', () => {
    const numbers = Float32Array.of(1, -2.5, 3.140625, Number.POSITIVE_INFINITY, 2 ** -130);
    const halves = Uint16Array.from(new Uint32Array(numbers.buffer), (bits) => bits >>> 16);
    expect(DTYPES.get('BF16')!.read(new DataView(halves.buffer), 0, 5)).toEqual(numbers);
  });

  it('rounds float64 to the nearest float32, at an odd offset too', () => {
    const view = new DataView(new ArrayBuffer(17));
    view.setFloat64(1, 0.1, true);
    view.setFloat64(9, 1e300, true);
    expect(DTYPES.get('F64')!.read(view, 1, 2)).toEqual(Float32Array.of(Math.fround(0.1), Number.POSITIVE_INFINITY));
  });
});
