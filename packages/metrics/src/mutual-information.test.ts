import { describe, expect, it } from 'vitest';
import { entropy } from './entropy.js';
import { mutualInfoScore } from './mutual-information.js';

describe('mutualInfoScore', () => {
  it('is the entropy for identical partitions', () => {
    expect(mutualInfoScore([0, 0, 1, 2], [5, 5, 9, 7])).toBeCloseTo(entropy([0, 0, 1, 2]), 15);
  });

  it('is exactly 0 for independent labelings, a single cluster and no samples', () => {
    expect(mutualInfoScore([0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2])).toBe(0);
    expect(mutualInfoScore([0, 1, 2], [4, 4, 4])).toBe(0);
    expect(mutualInfoScore([], [])).toBe(0);
  });

  it('drops the ignored class', () => {
    expect(mutualInfoScore([0, 1, 1, 2], [9, 3, 3, 4], { ignoreLabel: 0 })).toBe(mutualInfoScore([1, 1, 2], [3, 3, 4]));
  });
});
