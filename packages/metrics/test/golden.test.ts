import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FrameScorer } from '../src/frames.js';
import {
  AVERAGE_METHODS,
  type AverageMethod,
  adjustedMutualInfoScore,
  adjustedRandScore,
  completenessScore,
  contingencyMatrix,
  expectedMutualInformation,
  fowlkesMallowsScore,
  homogeneityCompletenessVMeasure,
  homogeneityScore,
  mutualInfoScore,
  normalizedMutualInfoScore,
  randScore,
  vMeasureScore,
} from '../src/index.js';

interface GoldenCase {
  labelsTrue: number[];
  labelsPred: number[];
  contingency: number[][];
  expectedMutualInformation: number;
  mutualInformation: number;
  adjustedRandIndex: number;
  randIndex: number;
  fowlkesMallows: number;
  homogeneity: number;
  completeness: number;
  vMeasure: number;
  /** null where the denominator is 0 and scikit-learn divides rounding errors. */
  adjustedMutualInformation: Record<AverageMethod, number | null>;
  normalizedMutualInformation: Record<AverageMethod, number>;
}

const file = new URL('../golden/clustering-metrics.json', import.meta.url);
const { source, cases } = JSON.parse(readFileSync(file, 'utf8')) as { source: string; cases: GoldenCase[] };

/** The scores of one golden case by name: what the golden file says, null where it says nothing. */
function goldenScores(golden: GoldenCase): Record<string, number | null> {
  return {
    'expected mutual information': golden.expectedMutualInformation,
    'mutual information': golden.mutualInformation,
    'adjusted Rand': golden.adjustedRandIndex,
    Rand: golden.randIndex,
    'Fowlkes-Mallows': golden.fowlkesMallows,
    homogeneity: golden.homogeneity,
    completeness: golden.completeness,
    'V-measure': golden.vMeasure,
    ...prefixed('AMI', golden.adjustedMutualInformation),
    ...prefixed('NMI', golden.normalizedMutualInformation),
  };
}

/** The same scores as this package gives them. */
function ownScores(labelsTrue: number[], labelsPred: number[]): Record<string, number> {
  return {
    'expected mutual information': expectedMutualInformation(labelsTrue, labelsPred),
    'mutual information': mutualInfoScore(labelsTrue, labelsPred),
    'adjusted Rand': adjustedRandScore(labelsTrue, labelsPred),
    Rand: randScore(labelsTrue, labelsPred),
    'Fowlkes-Mallows': fowlkesMallowsScore(labelsTrue, labelsPred),
    homogeneity: homogeneityScore(labelsTrue, labelsPred),
    completeness: completenessScore(labelsTrue, labelsPred),
    'V-measure': vMeasureScore(labelsTrue, labelsPred),
    ...prefixed('AMI', byMethod(adjustedMutualInfoScore, labelsTrue, labelsPred)),
    ...prefixed('NMI', byMethod(normalizedMutualInfoScore, labelsTrue, labelsPred)),
  };
}

function byMethod(score: typeof adjustedMutualInfoScore, labelsTrue: number[], labelsPred: number[]) {
  const entries = AVERAGE_METHODS.map((averageMethod) => [
    averageMethod,
    score(labelsTrue, labelsPred, { averageMethod }),
  ]);
  return Object.fromEntries(entries) as Record<AverageMethod, number>;
}

function prefixed<T>(prefix: string, scores: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(scores).map(([name, score]) => [`${prefix} ${name}`, score]));
}

/** Largest distance of any score from the golden one; a score that golden leaves open must be 0. */
function largestError(own: Record<string, number>, golden: Record<string, number | null>): number {
  return Math.max(...Object.entries(golden).map(([name, value]) => Math.abs(own[name]! - (value ?? 0))));
}

describe(`the ${cases.length} golden cases of ${source}`, () => {
  it('are complete', () => {
    expect(cases).toHaveLength(160);
  });

  it.each(cases.map((golden, index) => [index, golden] as const))('case %i: every score to 1e-10', (_, golden) => {
    const { labelsTrue, labelsPred } = golden;
    expect(contingencyMatrix(labelsTrue, labelsPred)).toEqual(golden.contingency);
    expect(largestError(ownScores(labelsTrue, labelsPred), goldenScores(golden))).toBeLessThan(1e-10);
    const { homogeneity, completeness, vMeasure } = homogeneityCompletenessVMeasure(labelsTrue, labelsPred);
    expect(Math.abs(homogeneity - golden.homogeneity)).toBeLessThan(1e-10);
    expect(Math.abs(completeness - golden.completeness)).toBeLessThan(1e-10);
    expect(Math.abs(vMeasure - golden.vMeasure)).toBeLessThan(1e-10);
  });

  it('batch form: all cases as frames of one batch, padded with an ignored label, to 1e-10', () => {
    const pixels = Math.max(...cases.map(({ labelsTrue }) => labelsTrue.length)) + 3;
    const labelsTrue = new Int32Array(cases.length * pixels).fill(-1);
    const labelsPred = new Int32Array(cases.length * pixels);
    cases.forEach((golden, frame) => {
      labelsTrue.set(golden.labelsTrue, frame * pixels + 2);
      labelsPred.set(golden.labelsPred, frame * pixels + 2);
    });
    const components = Math.max(...labelsPred) + 1;
    const gamma = oneHot(labelsPred, cases.length, components, pixels);
    const scorer = new FrameScorer({ frames: cases.length, pixels, ignoreLabel: -1 });
    for (const scores of [
      scorer.scoreLabels(labelsTrue, labelsPred),
      scorer.scoreGamma(labelsTrue, gamma, components),
    ]) {
      cases.forEach((golden, frame) => {
        const own = {
          'adjusted Rand': scores.adjustedRand[frame]!,
          ...prefixed(
            'AMI',
            Object.fromEntries(AVERAGE_METHODS.map((m) => [m, scores.adjustedMutualInfoByMethod[m][frame]!])),
          ),
        };
        const expected = {
          'adjusted Rand': golden.adjustedRandIndex,
          ...prefixed('AMI', golden.adjustedMutualInformation),
        };
        expect(largestError(own, expected), `frame ${frame}`).toBeLessThan(1e-10);
      });
    }
  });
});

/** Soft assignments [frames, components, pixels] that put 0.9 on each label. */
function oneHot(labels: Int32Array, frames: number, components: number, pixels: number): Float32Array {
  const gamma = new Float32Array(frames * components * pixels).fill(0.1 / (components - 1));
  labels.forEach((label, position) => {
    const frame = Math.floor(position / pixels);
    gamma[(frame * components + label) * pixels + (position % pixels)] = 0.9;
  });
  return gamma;
}
