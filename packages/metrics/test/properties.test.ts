import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AVERAGE_METHODS,
  adjustedMutualInfoScore,
  adjustedRandScore,
  fowlkesMallowsScore,
  mutualInfoScore,
  normalizedMutualInfoScore,
  randScore,
  vMeasureScore,
} from '../src/index.js';

type Score = (
  labelsTrue: readonly number[],
  labelsPred: readonly number[],
  options?: { ignoreLabel?: number },
) => number;

const scores: [string, Score][] = [
  ['mutualInfoScore', mutualInfoScore],
  ['randScore', randScore],
  ['adjustedRandScore', adjustedRandScore],
  ['fowlkesMallowsScore', fowlkesMallowsScore],
  ['vMeasureScore', vMeasureScore],
  ...AVERAGE_METHODS.flatMap((averageMethod): [string, Score][] => [
    [
      `adjustedMutualInfoScore ${averageMethod}`,
      (t, p, options) => adjustedMutualInfoScore(t, p, { averageMethod, ...options }),
    ],
    [
      `normalizedMutualInfoScore ${averageMethod}`,
      (t, p, options) => normalizedMutualInfoScore(t, p, { averageMethod, ...options }),
    ],
  ]),
];

const pairs = fc
  .integer({ min: 0, max: 8 })
  .chain((max) =>
    fc.array(fc.tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max: 6 })), { minLength: 1, maxLength: 80 }),
  );
const labelsOf = (samples: readonly (readonly [number, number])[]) =>
  [samples.map(([t]) => t), samples.map(([, p]) => p)] as const;
/** Nine distinct names for the labels 0 … 8. */
const names = fc.uniqueArray(fc.maxSafeInteger(), { minLength: 9, maxLength: 9 });

describe.each(scores)('%s', (_, score) => {
  it('is symmetric', () => {
    fc.assert(
      fc.property(pairs, (samples) => {
        const [labelsTrue, labelsPred] = labelsOf(samples);
        expect(score(labelsPred, labelsTrue)).toBeCloseTo(score(labelsTrue, labelsPred), 12);
      }),
      { seed: 11 },
    );
  });

  it('does not change when labels are renamed or samples reordered', () => {
    fc.assert(
      fc.property(
        pairs.chain((samples) =>
          fc.tuple(fc.constant(samples), fc.shuffledSubarray(samples, { minLength: samples.length })),
        ),
        names,
        names,
        ([samples, shuffled], trueNames, predNames) => {
          const [labelsTrue, labelsPred] = labelsOf(samples);
          const [shuffledTrue, shuffledPred] = labelsOf(shuffled);
          const renamed = score(
            shuffledTrue.map((label) => trueNames[label]!),
            shuffledPred.map((label) => predNames[label]!),
          );
          expect(renamed).toBeCloseTo(score(labelsTrue, labelsPred), 12);
        },
      ),
      { seed: 12 },
    );
  });

  it('ignores a label as if its samples were not there', () => {
    fc.assert(
      fc.property(pairs, (samples) => {
        const [labelsTrue, labelsPred] = labelsOf(samples);
        const kept = labelsOf(samples.filter(([label]) => label !== 0));
        expect(score(labelsTrue, labelsPred, { ignoreLabel: 0 })).toBeCloseTo(score(kept[0], kept[1]), 13);
      }),
      { seed: 13 },
    );
  });
});

describe.each(scores.filter(([name]) => name !== 'mutualInfoScore'))('%s', (name, score) => {
  it('is at most 1, and 1 for identical partitions', () => {
    fc.assert(
      fc.property(pairs, names, (samples, predNames) => {
        const [labelsTrue, labelsPred] = labelsOf(samples);
        expect(score(labelsTrue, labelsPred)).toBeLessThan(1 + 1e-12);
        const allAlone = new Set(labelsTrue).size === labelsTrue.length;
        // Fowlkes and Mallows count pairs that are together, and there are none.
        const best = name === 'fowlkesMallowsScore' && allAlone ? 0 : 1;
        expect(
          score(
            labelsTrue,
            labelsTrue.map((label) => predNames[label]!),
          ),
        ).toBeCloseTo(best, 12);
      }),
      { seed: 14 },
    );
  });
});
