import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AVERAGE_METHODS,
  type AverageMethod,
  adjustedMutualInfoScore,
  adjustedRandScore,
  expectedMutualInformation,
  fowlkesMallowsScore,
  homogeneityCompletenessVMeasure,
  mutualInfoScore,
  normalizedMutualInfoScore,
  randScore,
} from '../src/index.js';
import { env, hasScikitLearn, python } from './python.fixture.js';

interface PeerScores {
  expectedMutualInformation: number;
  mutualInformation: number;
  adjustedRand: number;
  rand: number;
  fowlkesMallows: number;
  homogeneity: number;
  completeness: number;
  vMeasure: number;
  adjusted: Partial<Record<AverageMethod, number>>;
  normalized: Partial<Record<AverageMethod, number>>;
}
type Pair = [labelsTrue: number[], labelsPred: number[]];

describe('random label pairs', () => {
  it.skipIf(!hasScikitLearn)('agrees with the installed scikit-learn (needs python3 with scikit-learn)', () => {
    const pairs = randomPairs();
    const peer = scikitLearnScores(pairs);
    expect(peer).toHaveLength(pairs.length);
    pairs.forEach((pair, index) => {
      const own = ownScores(pair);
      for (const [path, value] of leaves({ ...peer[index]! })) {
        const ours = leaves({ ...own }).get(path);
        if (ours === undefined) throw new Error(`no own score ${path}`);
        if (path.startsWith('adjusted.') && isDegenerate(pair)) expect([0, 1]).toContain(ours);
        else expect(Math.abs(ours - value), `pair ${index}, ${path}: ${ours} and ${value}`).toBeLessThan(1e-10);
      }
    });
  });
});

/** Small pairs with all kinds of cluster sizes, and some of a few thousand samples. */
function randomPairs(): Pair[] {
  const labelings = (minLength: number, maxLength: number) =>
    fc
      .tuple(fc.constantFrom(0, 1, 2, 5, 30), fc.constantFrom(0, 1, 3, 9, 300))
      .chain(([maxTrue, maxPred]) =>
        fc.array(fc.tuple(fc.integer({ min: -maxTrue, max: maxTrue }), fc.integer({ min: 0, max: maxPred })), {
          minLength,
          maxLength,
          size: 'max',
        }),
      )
      .map((samples): Pair => [samples.map(([t]) => t), samples.map(([, p]) => p)]);
  return [
    ...fc.sample(labelings(1, 200), { seed: 21, numRuns: 300 }),
    ...fc.sample(labelings(3000, 4000), { seed: 22, numRuns: 12 }),
  ];
}

function scikitLearnScores(pairs: readonly Pair[]): PeerScores[] {
  const script = fileURLToPath(new URL('../peer/scikit_learn.py', import.meta.url));
  const input = JSON.stringify(pairs);
  const { status, stdout, stderr } = spawnSync(python, [script, 'scores'], {
    env,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`);
  return JSON.parse(stdout) as PeerScores[];
}

function ownScores(pair: Pair): PeerScores {
  const byMethod = (score: typeof adjustedMutualInfoScore) =>
    Object.fromEntries(AVERAGE_METHODS.map((averageMethod) => [averageMethod, score(...pair, { averageMethod })]));
  return {
    expectedMutualInformation: expectedMutualInformation(...pair),
    mutualInformation: mutualInfoScore(...pair),
    adjustedRand: adjustedRandScore(...pair),
    rand: randScore(...pair),
    fowlkesMallows: fowlkesMallowsScore(...pair),
    ...homogeneityCompletenessVMeasure(...pair, { beta: 0.5 }),
    adjusted: byMethod(adjustedMutualInfoScore),
    normalized: byMethod(normalizedMutualInfoScore),
  };
}

/** Where one partition is a single cluster or leaves every sample alone, scikit-learn divides rounding errors. */
function isDegenerate(pair: Pair): boolean {
  return pair.some((labels) => [1, labels.length].includes(new Set(labels).size));
}

/** Every number in nested records, by its path. */
function leaves(record: Record<string, unknown>, prefix = ''): Map<string, number> {
  return new Map(
    Object.entries(record).flatMap(([key, value]) =>
      typeof value === 'number'
        ? [[prefix + key, value] as const]
        : [...leaves(value as Record<string, unknown>, `${prefix}${key}.`)],
    ),
  );
}
