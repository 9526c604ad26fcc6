import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOf } from './contingency-counter.js';
import { entropy } from './entropy.js';
import { ExpectedMutualInformation, expectedMutualInformation } from './expected-mutual-information.js';
import { mutualInfoScore } from './mutual-information.js';

const label = fc.integer({ min: 0, max: 4 });
const labelings = (maxLength: number) =>
  fc
    .array(fc.tuple(label, label), { minLength: 1, maxLength })
    .map((pairs) => [pairs.map(([t]) => t), pairs.map(([, p]) => p)] as const);

describe('expectedMutualInformation', () => {
  it('is the mean of the mutual information over every permutation of the labels', () => {
    fc.assert(
      fc.property(labelings(6), ([labelsTrue, labelsPred]) => {
        const scores = permutations(labelsPred).map((permuted) => mutualInfoScore(labelsTrue, permuted));
        const mean = scores.reduce((sum, score) => sum + score) / scores.length;
        expect(expectedMutualInformation(labelsTrue, labelsPred)).toBeCloseTo(mean, 12);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('lies between 0 and both entropies, and is symmetric', () => {
    fc.assert(
      fc.property(labelings(50), ([labelsTrue, labelsPred]) => {
        const expected = expectedMutualInformation(labelsTrue, labelsPred);
        expect(expected).toBeGreaterThan(-1e-14);
        expect(expected).toBeLessThan(Math.min(entropy(labelsTrue), entropy(labelsPred)) + 1e-13);
        expect(expectedMutualInformation(labelsPred, labelsTrue)).toBeCloseTo(expected, 13);
      }),
      { seed: 4 },
    );
  });

  it('is 0 for no samples and for a single cluster, and log(n) where every sample is a cluster of its own', () => {
    expect(expectedMutualInformation([], [])).toBe(0);
    expect(expectedMutualInformation([0], [3], { ignoreLabel: 0 })).toBe(0);
    expect(expectedMutualInformation([0, 1, 2], [5, 5, 5])).toBeCloseTo(0, 15);
    expect(expectedMutualInformation([0, 1, 2], [7, 8, 9])).toBeCloseTo(Math.log(3), 14);
  });

  it('ignores the samples that are dropped', () => {
    expect(expectedMutualInformation([0, 1, 1, 2, 2, 2], [4, 4, 5, 5, 6, 6], { ignoreLabel: 0 })).toBe(
      expectedMutualInformation([1, 1, 2, 2, 2], [4, 5, 5, 6, 6]),
    );
  });

  it('gives the same with a cache as without, also where the cache overwrites its entries', () => {
    const cached = new ExpectedMutualInformation({ cache: true });
    const plain = new ExpectedMutualInformation();
    for (let pass = 0; pass < 2; pass++) {
      for (let n = 3; n < 400; n++) {
        const labelsTrue = Array.from({ length: n }, (_, i) => (i * i) % 7);
        const labelsPred = Array.from({ length: n }, (_, i) => Math.floor(i / (1 + (n % 5))) % 11);
        const table = tableOf(labelsTrue, labelsPred);
        expect(cached.of(table)).toBe(plain.of(table));
      }
    }
  });

  it('gives what a cache holds to no table of another total, whose cells fall into the same slots', () => {
    const cached = new ExpectedMutualInformation({ cache: true });
    const plain = new ExpectedMutualInformation();
    // Two classes and two clusters, each of 1 sample and the rest: more totals than the cache has slots.
    const { cellRow, cellColumn, cellCount, rowLabels, columnLabels } = tableOf([0, 1], [0, 1]);
    const cells = { cells: 2, cellRow, cellColumn, cellCount, rowLabels, columnLabels };
    for (let total = 3; total < 20_000; total++) {
      const sums = Int32Array.of(1, total - 1);
      const table = { ...cells, total, rows: 2, columns: 2, rowSums: sums, columnSums: sums };
      if (cached.of(table) !== plain.of(table)) throw new Error(`they differ at a total of ${total}`);
    }
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}
