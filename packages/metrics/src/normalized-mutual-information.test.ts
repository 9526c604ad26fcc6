import { describe, expect, it } from 'vitest';
import { AVERAGE_METHODS, generalizedAverage } from './average.js';
import { entropy } from './entropy.js';
import { mutualInfoScore } from './mutual-information.js';
import { normalizedMutualInfoScore } from './normalized-mutual-information.js';

const labelsTrue = [0, 0, 0, 1, 1, 1, 2, 2];
const labelsPred = [0, 0, 1, 1, 1, 1, 1, 1];

describe('normalizedMutualInfoScore', () => {
  it.each(AVERAGE_METHODS)('%s: divides the mutual information by the average of the entropies', (averageMethod) => {
    const bound = generalizedAverage(entropy(labelsTrue), entropy(labelsPred), averageMethod);
    expect(normalizedMutualInfoScore(labelsTrue, labelsPred, { averageMethod })).toBeCloseTo(
      mutualInfoScore(labelsTrue, labelsPred) / bound,
      14,
    );
  });

  it('is arithmetic by default', () => {
    expect(normalizedMutualInfoScore(labelsTrue, labelsPred)).toBe(
      normalizedMutualInfoScore(labelsTrue, labelsPred, { averageMethod: 'arithmetic' }),
    );
  });

  it('is 1 for two single clusters and for no samples, 0 for one single cluster', () => {
    expect(normalizedMutualInfoScore([4, 4], [7, 7])).toBe(1);
    expect(normalizedMutualInfoScore([], [])).toBe(1);
    expect(normalizedMutualInfoScore([0], [3], { ignoreLabel: 0 })).toBe(1);
    for (const averageMethod of AVERAGE_METHODS) {
      expect(normalizedMutualInfoScore([4, 4], [7, 8], { averageMethod })).toBe(0);
    }
  });

  it('refuses an unknown averaging', () => {
    expect(() => normalizedMutualInfoScore([0], [0], { averageMethod: 'sum' as 'max' })).toThrow(
      'averageMethod is "sum"',
    );
  });
});
