import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, spread } from './spread.js';

describe('spread', () => {
  it('interpolates between values as NumPy does, and passes over NaN', () => {
    expect(spread(Float64Array.of(4, 1, Number.NaN, 2, 3))).toEqual({
      mean: 2.5,
      lowerQuartile: 1.75,
      median: 2.5,
      upperQuartile: 3.25,
    });
    expect(spread(Float64Array.of(7))).toEqual({ mean: 7, lowerQuartile: 7, median: 7, upperQuartile: 7 });
    expect(Object.values(spread(Float64Array.of(Number.NaN)))).toEqual(new Array(4).fill(Number.NaN));
  });

  it('is ordered, inside the range, and depends on no order', () => {
    const values = fc.float64Array({ min: -1e6, max: 1e6, noNaN: true, minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, (array) => {
        const { lowerQuartile, median, upperQuartile, ...rest } = spread(array);
        expect(lowerQuartile).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(upperQuartile);
        expect(lowerQuartile).toBeGreaterThanOrEqual(Math.min(...array));
        expect(upperQuartile).toBeLessThanOrEqual(Math.max(...array));
        expect(spread(array.toReversed())).toEqual({ lowerQuartile, median, upperQuartile, ...rest });
        expect(mean(array)).toBeCloseTo(rest.mean, 6);
      }),
    );
  });
});
