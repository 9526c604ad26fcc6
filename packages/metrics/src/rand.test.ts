import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedRandScore, randScore } from './rand.js';

const label = fc.integer({ min: 0, max: 4 });
const labelings = fc
  .array(fc.tuple(label, label), { minLength: 2, maxLength: 30 })
  .map((pairs) => [pairs.map(([t]) => t), pairs.map(([, p]) => p)] as const);

describe('randScore', () => {
  it('is the share of pairs of samples on which both labelings agree', () => {
    fc.assert(
      fc.property(labelings, ([labelsTrue, labelsPred]) => {
        let agreements = 0;
        let pairs = 0;
        for (let i = 0; i < labelsTrue.length; i++) {
          for (let j = 0; j < i; j++) {
            pairs++;
            if ((labelsTrue[i] === labelsTrue[j]) === (labelsPred[i] === labelsPred[j])) agreements++;
          }
        }
        expect(randScore(labelsTrue, labelsPred)).toBe(agreements / pairs);
      }),
      { seed: 5 },
    );
  });

  it('is 1 where there is no pair', () => {
    expect(randScore([], [])).toBe(1);
    expect(randScore([2], [3])).toBe(1);
    expect(randScore([0, 1], [5, 6], { ignoreLabel: 0 })).toBe(1);
  });
});

describe('adjustedRandScore', () => {
  it('is Hubert and Arabie’s (index − expected index) / (maximum − expected index)', () => {
    // Their formula on the table [[2, 1], [1, 2]]: index 2, both marginal sums 6 of 15 pairs.
    expect(adjustedRandScore([0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 1, 1])).toBeCloseTo(
      (2 - (6 * 6) / 15) / (6 - (6 * 6) / 15),
      15,
    );
  });

  it('is 1 for identical partitions and no samples, and can be -0.5', () => {
    expect(adjustedRandScore([0, 0, 1], [7, 7, -7])).toBe(1);
    expect(adjustedRandScore([4, 4], [1, 1])).toBe(1);
    expect(adjustedRandScore([], [])).toBe(1);
    expect(adjustedRandScore([0, 0, 1, 1], [0, 1, 0, 1])).toBe(-0.5);
  });

  it('drops the ignored class', () => {
    expect(adjustedRandScore([0, 1, 1, 2], [1, 1, 1, 2], { ignoreLabel: 0 })).toBe(1);
  });
});
