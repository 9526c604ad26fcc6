import { describe, expect, it } from 'vitest';
import { adjustedMutualInfoScore } from './adjusted-mutual-information.js';
import { AVERAGE_METHODS } from './average.js';

describe('adjustedMutualInfoScore', () => {
  it.each(AVERAGE_METHODS)('%s: 1 for identical partitions, 0 where chance explains all', (averageMethod) => {
    const score = (labelsTrue: number[], labelsPred: number[]) =>
      adjustedMutualInfoScore(labelsTrue, labelsPred, { averageMethod });
    expect(score([], [])).toBe(1);
    expect(score([3], [7])).toBe(1);
    expect(score([1, 1, 1], [2, 2, 2])).toBe(1);
    expect(score([0, 1, 2], [6, 4, 5])).toBe(1);
    expect(score([0, 0, 1, 2], [5, 5, -9, 2 ** 40])).toBe(1);
    expect(score([0, 1, 1], [0, 0, 0])).toBe(0);
    expect(score([0, 0, 1, 1], [0, 1, 2, 3])).toBe(0);
  });

  it('is below 0 where labelings agree less than by chance', () => {
    expect(adjustedMutualInfoScore([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5, 14);
  });

  it('divides by the average that was chosen', () => {
    const labelsTrue = [0, 0, 0, 1, 1, 1, 2, 2];
    const labelsPred = [0, 0, 1, 1, 1, 1, 1, 1];
    const [arithmetic, max, min, geometric] = AVERAGE_METHODS.map((averageMethod) =>
      adjustedMutualInfoScore(labelsTrue, labelsPred, { averageMethod }),
    );
    expect(max).toBeLessThan(arithmetic!);
    expect(arithmetic).toBeLessThan(geometric!);
    expect(geometric).toBeLessThan(min!);
    expect(adjustedMutualInfoScore(labelsTrue, labelsPred)).toBe(arithmetic);
  });

  it('drops the ignored class', () => {
    const labelsTrue = [0, 1, 1, 2, 2, 0];
    expect(adjustedMutualInfoScore(labelsTrue, [3, 1, 1, 2, 1, 9], { ignoreLabel: 0 })).toBe(
      adjustedMutualInfoScore([1, 1, 2, 2], [1, 1, 2, 1]),
    );
    expect(adjustedMutualInfoScore(labelsTrue, labelsTrue, { ignoreLabel: 7 })).toBe(1);
    expect(adjustedMutualInfoScore([0, 0], [1, 2], { ignoreLabel: 0 })).toBe(1);
  });

  it('scores a million samples in 8000 classes and 7000 clusters', () => {
    const length = 1_000_000;
    const labelsTrue = Int32Array.from({ length }, (_, i) => i % 8000);
    const labelsPred = Int32Array.from({ length }, (_, i) => i % 7000);
    expect(adjustedMutualInfoScore(labelsTrue, labelsPred)).toBeCloseTo(0.5878536153698427, 13); // 40-digit arithmetic
  });

  it('scores a million samples whose clusters have every size from 1 to 1413', () => {
    const labelsTrue = new Int32Array(1_000_000);
    let start = 0;
    for (let size = 1; start < labelsTrue.length; size++) {
      labelsTrue.fill(size, start, start + size);
      start += size;
    }
    const labelsPred = labelsTrue.toReversed();
    const score = adjustedMutualInfoScore(labelsTrue, labelsPred);
    expect(score).toBeCloseTo(adjustedMutualInfoScore(labelsPred, labelsTrue), 12);
    expect(score).toBeGreaterThan(0.5);
    expect(score).toBeLessThan(1);
  });

  it('refuses an unknown averaging before it looks at the labels', () => {
    expect(() => adjustedMutualInfoScore([0, 1], [0, 1], { averageMethod: 'mean' as 'max' })).toThrow(
      'averageMethod is "mean"',
    );
  });
});
