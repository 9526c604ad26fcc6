import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argmaxGamma } from './argmax-gamma.js';
import { MetricInputError } from './errors.js';

const shape = { frames: 2, components: 3, pixels: 2 };
// Frame 0: pixel 0 ties components 0 and 2, pixel 1 is component 1. Frame 1: components 2 and 0.
const gamma = new Float32Array([0.4, 0.1, 0.2, 0.8, 0.4, 0.1, 0.1, 0.6, 0.2, 0.3, 0.7, 0.1]);

describe('argmaxGamma', () => {
  it('gives the component with the largest gamma, and the first of several that are equal', () => {
    expect(argmaxGamma(gamma, shape)).toEqual(new Int32Array([0, 1, 2, 0]));
    expect(
      argmaxGamma(
        Float64Array.from(gamma, (value) => -value),
        shape,
      ),
    ).toEqual(new Int32Array([1, 0, 0, 2]));
  });

  it('writes to a given array', () => {
    const out = new Int32Array(4).fill(9);
    expect(argmaxGamma(gamma, shape, out)).toBe(out);
    expect([...out]).toEqual([0, 1, 2, 0]);
  });

  it('gives label 0 everywhere for one component, and nothing for no frames', () => {
    expect([...argmaxGamma(new Float32Array(3), { frames: 1, components: 1, pixels: 3 })]).toEqual([0, 0, 0]);
    expect(argmaxGamma(new Float32Array(0), { frames: 0, components: 2, pixels: 3 })).toHaveLength(0);
  });

  it.each([0, 5])('refuses NaN, at position %i', (position) => {
    const broken = Float32Array.from(gamma);
    broken[position] = Number.NaN;
    expect(() => argmaxGamma(broken, shape)).toThrow(
      `gamma[${position}] is NaN, which has no place in an order; check that the model's output is finite.`,
    );
  });

  /** What a caller without types may give for soft assignments: numbers in a list are as good as floats. */
  it('takes a list of numbers, and no list with a hole or with anything else', () => {
    const sizes = { frames: 1, components: 2, pixels: 2 };
    const other = fc.constantFrom('0.5', undefined, null, 1n, [1], true, {});
    const list = (values: unknown) => values as Float32Array;
    expect([...argmaxGamma(list([0.1, 0.9, 0.9, 0.1]), sizes)]).toEqual([1, 0]);
    // biome-ignore lint/suspicious/noSparseArray: that is what is refused.
    expect(() => argmaxGamma(list([0.1, , 0.9, 0.1]), sizes)).toThrow(
      'gamma[1] is undefined, but it must be a number; pass floats.',
    );
    fc.assert(
      fc.property(fc.nat(3), other, (position, value) => {
        const values = [0.1, 0.9, 0.9, 0.1].with(position, value as number);
        expect(() => argmaxGamma(list(values), sizes)).toThrow(MetricInputError);
        expect(() => argmaxGamma(list(values), sizes)).toThrow(`gamma[${position}] is `);
      }),
      { seed: 5, numRuns: 50 },
    );
    for (const value of [null, undefined, 5, 'text', {}, new DataView(new ArrayBuffer(4)), new BigInt64Array(4)]) {
      expect(() => argmaxGamma(value as never, sizes)).toThrow(MetricInputError);
    }
  });

  it('writes to an Int32Array only', () => {
    for (const out of [new Uint8Array(4), new Float32Array(4), [0, 0, 0, 0], 'text', null]) {
      expect(() => argmaxGamma(gamma, shape, out as never)).toThrow(MetricInputError);
    }
    expect(() => argmaxGamma(gamma, shape, new Uint8Array(4) as never)).toThrow(
      'out is an object, but [frames, pixels] = [2, 2] needs 4 as Int32Array; pass an array of that shape.',
    );
  });

  it('refuses sizes and arrays that do not fit', () => {
    expect(() => argmaxGamma(gamma, { ...shape, components: 0 })).toThrow(
      'components is 0, but it must be an integer of at least 1.',
    );
    expect(() => argmaxGamma(gamma, { ...shape, frames: -1 })).toThrow('frames is -1');
    expect(() => argmaxGamma(gamma, { ...shape, pixels: 1.5 })).toThrow('pixels is 1.5');
    expect(() => argmaxGamma(gamma, { ...shape, pixels: 3 })).toThrow(
      'gamma has 12 entries, but [frames, components, pixels] = [2, 3, 3] needs 18; pass an array of that shape.',
    );
    expect(() => argmaxGamma(gamma, shape, new Int32Array(3))).toThrow(
      'out has 3 entries, but [frames, pixels] = [2, 2] needs 4; pass an array of that shape.',
    );
  });
});
