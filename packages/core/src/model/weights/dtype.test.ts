import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DTYPES, float16ToNumber, numberToFloat16 } from './dtype.js';

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

describe('numberToFloat16', () => {
  it('gives every half its own bits', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16ToNumber(bits);
      if (!Number.isNaN(value)) expect(numberToFloat16(value)).toBe(bits);
    }
    expect(float16ToNumber(numberToFloat16(Number.NaN))).toBeNaN();
  });

  it.each([
    ['the middle of two, to the even one below', 1 + 2 ** -11, 0x3c00],
    ['the middle of two, to the even one above', 1 + 3 * 2 ** -11, 0x3c02],
    ['more than the middle', 1 + 2 ** -11 + 2 ** -23, 0x3c01],
    ['half of the least of all, to 0', 2 ** -25, 0],
    ['more than half of it', 2 ** -25 + 2 ** -40, 1],
    ['the greatest below the least normal one, to it', 2 ** -14 - 2 ** -26, 0x0400],
    ['below 65520', -65519.99, 0xfbff],
    ['65520, to infinity', 65520, 0x7c00],
  ])('rounds %s', (_, value, bits) => {
    expect(numberToFloat16(Math.fround(value))).toBe(bits);
  });

  it('is never further off than half the distance of its neighbours', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const bits = numberToFloat16(value);
        const off = Math.abs(float16ToNumber(bits) - value);
        for (const neighbour of [bits - 1, bits + 1]) {
          const other = float16ToNumber(neighbour & 0xffff);
          if (Number.isFinite(other)) expect(off).toBeLessThanOrEqual(Math.abs(other - value));
        }
      }),
      { seed: 20170803, numRuns: 2000 },
    );
  });

  const python = process.env.PYTHON ?? 'python3';
  it.skipIf(spawnSync(python, ['-c', 'import numpy']).status !== 0)('rounds as NumPy does', () => {
    const values = Float32Array.from({ length: 40_000 }, (_, i) => Math.sin(i) * 2 ** ((i % 56) - 38));
    const program =
      'import sys, numpy as np; sys.stdout.buffer.write(np.frombuffer(sys.stdin.buffer.read(), "<f4").astype("<f2").tobytes())';
    const { stdout } = spawnSync(python, ['-W', 'ignore', '-c', program], { input: new Uint8Array(values.buffer) });
    const halves = new Uint16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
    expect(halves.length).toBe(values.length);
    expect(Uint16Array.from(values, numberToFloat16)).toEqual(halves);
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
