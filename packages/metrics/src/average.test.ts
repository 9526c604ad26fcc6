import { describe, expect, it } from 'vitest';
import { AVERAGE_METHODS, type AverageMethod, averageMethodOf, generalizedAverage } from './average.js';

describe('generalizedAverage', () => {
  it.each([
    ['arithmetic', 2.5],
    ['max', 4],
    ['min', 1],
    ['geometric', 2],
  ] as const)('%s of 1 and 4 is %d', (method, average) => {
    expect(generalizedAverage(1, 4, method)).toBe(average);
    expect(generalizedAverage(4, 1, method)).toBe(average);
  });
});

describe('averageMethodOf', () => {
  it("defaults to scikit-learn's", () => {
    expect(averageMethodOf(undefined)).toBe('arithmetic');
    for (const method of AVERAGE_METHODS) expect(averageMethodOf(method)).toBe(method);
  });

  it('refuses an unknown averaging', () => {
    expect(() => averageMethodOf('mean' as AverageMethod)).toThrow(
      'averageMethod is "mean", but it must be one of arithmetic, max, min, geometric.',
    );
  });
});
