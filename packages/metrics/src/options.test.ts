import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argmaxGamma, FrameScorer } from './frames.js';
import * as metrics from './index.js';
import { requireOptions } from './options.js';

const { MetricInputError } = metrics;
const labels = [0, 1, 1];
const scorer = new FrameScorer({ frames: 1, pixels: 3 });
const scores = () => ({ adjustedMutualInfo: new Float64Array(1), adjustedRand: new Float64Array(1) });
const gamma = new Float32Array(6);

type PairScore = (labelsTrue: metrics.Labels, labelsPred: metrics.Labels, options: never) => unknown;

/** Every score of two labelings, with the options that it has beside `ignoreLabel`. */
const pairScores: [name: string, PairScore, ...own: string[]][] = [
  ['adjustedMutualInfoScore', metrics.adjustedMutualInfoScore, 'averageMethod'],
  ['normalizedMutualInfoScore', metrics.normalizedMutualInfoScore, 'averageMethod'],
  ['mutualInfoScore', metrics.mutualInfoScore],
  ['expectedMutualInformation', metrics.expectedMutualInformation],
  ['adjustedRandScore', metrics.adjustedRandScore],
  ['randScore', metrics.randScore],
  ['fowlkesMallowsScore', metrics.fowlkesMallowsScore],
  ['homogeneityScore', metrics.homogeneityScore],
  ['completenessScore', metrics.completenessScore],
  ['vMeasureScore', metrics.vMeasureScore, 'beta'],
  ['homogeneityCompletenessVMeasure', metrics.homogeneityCompletenessVMeasure, 'beta'],
  ['contingencyMatrix', metrics.contingencyMatrix, 'sparse'],
];

/** Every function that takes an object of options, sizes or scores: how it is called with one, a right one, its names. */
const callers: Record<string, [call: (options: never) => unknown, right: object, names: string[]]> = {
  ...Object.fromEntries(
    pairScores.map(([name, score, ...own]) => [
      name,
      [(options: never) => score(labels, labels, options), {}, [...own, 'ignoreLabel']],
    ]),
  ),
  FrameScorer: [
    (options) => new FrameScorer(options),
    { frames: 1, pixels: 3 },
    ['frames', 'pixels', 'ignoreLabel', 'averageMethod'],
  ],
  argmaxGamma: [
    (sizes) => argmaxGamma(gamma, sizes),
    { frames: 1, components: 2, pixels: 3 },
    ['frames', 'components', 'pixels'],
  ],
  scoreLabels: [
    (out) => scorer.scoreLabels(labels, labels, out),
    scores(),
    ['adjustedMutualInfo', 'adjustedRand', 'confidence', 'adjustedMutualInfoByMethod'],
  ],
  scoreGamma: [
    (out) => scorer.scoreGamma(labels, gamma, 2, out),
    scores(),
    ['adjustedMutualInfo', 'adjustedRand', 'confidence', 'adjustedMutualInfoByMethod'],
  ],
  'scoreLabels, by method': [
    (byMethod) => scorer.scoreLabels(labels, labels, { ...scores(), adjustedMutualInfoByMethod: byMethod }),
    {},
    ['arithmetic', 'max', 'min', 'geometric'],
  ],
};

const sentence = /^[^\n]{1,300}\.$/;

describe.each(Object.entries(callers))('the options of %s', (_, [call, right, names]) => {
  const refused = (options: unknown) => {
    let error: unknown;
    try {
      call(options as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(MetricInputError);
    expect((error as Error).message).toMatch(sentence);
    return error as InstanceType<typeof MetricInputError>;
  };

  it('may have its names, and no other', () => {
    call({ ...right } as never);
    for (const name of names) call({ [name]: undefined, ...right } as never);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.anything(), (name, value) => {
        fc.pre(!names.includes(name));
        const { input, message } = refused({ ...right, ...Object.fromEntries([[name, value]]) });
        expect(input).toBe(name);
        expect(message).toContain(`pass any of { ${names.join(', ')} }`);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('are an object', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.bigInt(), fc.array(fc.anything()), fc.constant(null)),
        (options) => {
          expect(refused(options).message).toContain('but they come as an object');
        },
      ),
      { seed: 4, numRuns: 60 },
    );
  });
});

describe('requireOptions', () => {
  const known = ['averageMethod', 'sparse', 'ignoreLabel'];
  it.each([
    ['average_method', 'averageMethod'],
    ['average', 'averageMethod'],
    ['method', 'averageMethod'],
    ['ignoreLabels', 'ignoreLabel'],
    ['ignore_label', 'ignoreLabel'],
    ['sparce', 'sparse'],
    ['Sparse', 'sparse'],
  ])('proposes for %s the option %s', (name, like) => {
    expect(() => requireOptions({ [name]: 1 }, known)).toThrow(
      `"${name}" is none of the options (did you mean ${like}?); pass any of { averageMethod, sparse, ignoreLabel }.`,
    );
  });

  it('proposes the nearest, not the first that is like it', () => {
    const frames = ['frames', 'pixels', 'ignoreLabel', 'averageMethod'];
    expect(() => requireOptions({ ignoreLabels: 0 }, frames)).toThrow('did you mean ignoreLabel?');
  });

  it('proposes nothing where nothing is like it, and cuts a long name', () => {
    expect(() => requireOptions({ q: 1 }, known)).toThrow('"q" is none of the options; pass');
    expect(() => requireOptions({ ['x'.repeat(1e6)]: 1 }, known)).toThrow(sentence);
  });
});

it('sparse is true or false', () => {
  const sparse = 'false' as unknown as boolean;
  expect(() => metrics.contingencyMatrix(labels, labels, { sparse } as object)).toThrow(
    'sparse is "false", but it must be true or false.',
  );
});
