import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatStatistics, statistics } from './statistics.js';

describe('statistics', () => {
  it('gives the sample deviation', () => {
    expect(statistics([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: Math.sqrt(32 / 7), runs: 8 });
    expect(statistics([3, Number.NaN])).toEqual({ mean: 3, deviation: Number.NaN, runs: 1 });
    expect(statistics([]).mean).toBeNaN();
  });

  it('moves with the values and scales with them', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.integer({ min: -50, max: 50 }), (list, shift) => {
        const { mean, deviation } = statistics(list);
        const moved = statistics(list.map((value) => 2 * value + shift));
        expect(moved.mean).toBeCloseTo(2 * mean + shift, 6);
        expect(moved.deviation).toBeCloseTo(2 * deviation, 6);
      }),
    );
  });

  it('is written as the paper writes it', () => {
    expect(formatStatistics({ mean: 0.8259, deviation: 0.0051 })).toBe('0.826 ± 0.005');
    expect(formatStatistics(statistics([0.5]))).toBe('0.500');
    expect(formatStatistics(statistics([-0.0001]))).toBe('0.000');
    expect(formatStatistics(statistics([-0.001]))).toBe('-0.001');
    expect(formatStatistics(statistics([]))).toBe('–');
  });
});
