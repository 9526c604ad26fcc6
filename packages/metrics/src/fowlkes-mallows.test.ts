import { describe, expect, it } from 'vitest';
import { fowlkesMallowsScore } from './fowlkes-mallows.js';

describe('fowlkesMallowsScore', () => {
  it('is the geometric mean of pairwise precision and recall', () => {
    // Table [[2, 1], [0, 1]]: 1 pair together, of 3 in a class and 2 · 1 in a cluster.
    expect(fowlkesMallowsScore([0, 0, 0, 1], [0, 0, 1, 1])).toBeCloseTo(1 / Math.sqrt(3 * 2), 15);
    expect(fowlkesMallowsScore([0, 0, 1, 1], [5, 5, 3, 3])).toBe(1);
  });

  it('is 0 where no pair is together', () => {
    expect(fowlkesMallowsScore([0, 1, 2], [0, 1, 2])).toBe(0);
    expect(fowlkesMallowsScore([], [])).toBe(0);
    expect(fowlkesMallowsScore([0, 0, 1], [2, 2, 3], { ignoreLabel: 0 })).toBe(0);
  });
});
