import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedMutualInfoScore } from './adjusted-mutual-information.js';
import { argmaxGamma } from './argmax-gamma.js';
import { AVERAGE_METHODS } from './average.js';
import { type BatchScores, FrameScorer, type LabelScores } from './frame-scorer.js';
import { adjustedRandScore } from './rand.js';

const FRAMES = 3;
const PIXELS = 20;

/** A batch whose frames have few labels, many labels or labels far apart. */
const labels = fc
  .tuple(
    ...Array.from({ length: FRAMES }, () =>
      fc
        .constantFrom(2, 5, 40, 2 ** 40)
        .chain((max) => fc.array(fc.integer({ min: 0, max }), { minLength: PIXELS, maxLength: PIXELS })),
    ),
  )
  .map((frames) => frames.flat());

describe('FrameScorer.scoreLabels', () => {
  it('gives each frame the scores of the single functions, batch after batch', () => {
    const scorer = new FrameScorer({ frames: FRAMES, pixels: PIXELS });
    fc.assert(
      fc.property(labels, labels, (labelsTrue, labelsPred) => {
        const scores = scorer.scoreLabels(labelsTrue, labelsPred);
        for (let frame = 0; frame < FRAMES; frame++) {
          const pair = [labelsTrue, labelsPred].map((all) => all.slice(frame * PIXELS, (frame + 1) * PIXELS));
          expect(scores.adjustedRand[frame]).toBe(adjustedRandScore(pair[0]!, pair[1]!));
          for (const averageMethod of AVERAGE_METHODS) {
            expect(scores.adjustedMutualInfoByMethod[averageMethod][frame]).toBe(
              adjustedMutualInfoScore(pair[0]!, pair[1]!, { averageMethod }),
            );
          }
        }
      }),
      { seed: 6 },
    );
  });

  it('scores with the averaging that was chosen', () => {
    const labelsTrue = [0, 0, 0, 1, 1, 1, 2, 2];
    const labelsPred = [0, 0, 1, 1, 1, 1, 1, 1];
    for (const averageMethod of AVERAGE_METHODS) {
      const scores = new FrameScorer({ frames: 1, pixels: 8, averageMethod }).scoreLabels(labelsTrue, labelsPred);
      expect(scores.adjustedMutualInfo[0]).toBe(adjustedMutualInfoScore(labelsTrue, labelsPred, { averageMethod }));
      expect(scores.adjustedMutualInfo).toBe(scores.adjustedMutualInfoByMethod[averageMethod]);
      expect(scores.confidence).toBeUndefined();
    }
    expect(new FrameScorer({ frames: 1, pixels: 8 }).scoreLabels(labelsTrue, labelsPred).adjustedMutualInfo[0]).toBe(
      adjustedMutualInfoScore(labelsTrue, labelsPred),
    );
  });

  it('gives NaN to a frame without a scored pixel', () => {
    const scorer = new FrameScorer({ frames: 3, pixels: 2, ignoreLabel: 0 });
    const scores = scorer.scoreLabels(new Uint8Array([1, 2, 0, 0, 1, 0]), new Uint8Array([1, 2, 3, 4, 5, 6]));
    expect([...scores.adjustedMutualInfo]).toEqual([1, Number.NaN, 1]);
    expect([...scores.adjustedMutualInfoByMethod.max]).toEqual([1, Number.NaN, 1]);
    expect([...scores.adjustedRand]).toEqual([1, Number.NaN, 1]);
  });

  it('writes only to the given arrays', () => {
    const scorer = new FrameScorer({ frames: 2, pixels: 3, averageMethod: 'max' });
    const labelsTrue = new BigInt64Array([1n, 1n, 2n, 1n, 2n, 2n]);
    const out: BatchScores = {
      adjustedMutualInfo: new Float64Array(2),
      adjustedRand: new Float64Array(2),
      confidence: new Float64Array([7, 7]),
      adjustedMutualInfoByMethod: { min: new Float64Array(2) },
    };
    expect(scorer.scoreLabels(labelsTrue, [0, 0, 1, 0, 0, 0], out)).toBe(out);
    expect(out).toEqual({
      adjustedMutualInfo: new Float64Array([1, 0]),
      adjustedRand: new Float64Array([1, 0]),
      confidence: new Float64Array([7, 7]),
      adjustedMutualInfoByMethod: { min: new Float64Array([1, 0]) },
    });
    const least = { adjustedMutualInfo: new Float64Array(2), adjustedRand: new Float64Array(2) };
    expect(scorer.scoreLabels(labelsTrue, [0, 0, 1, 0, 0, 1], least).adjustedMutualInfo).toEqual(
      new FrameScorer({ frames: 2, pixels: 3, averageMethod: 'max' }).scoreLabels(labelsTrue, [0, 0, 1, 0, 0, 1])
        .adjustedMutualInfo,
    );
  });

  it('scores a batch of no frames', () => {
    expect(new FrameScorer({ frames: 0, pixels: 4 }).scoreLabels([], []).adjustedRand).toHaveLength(0);
  });
});

describe('FrameScorer.scoreGamma', () => {
  const components = 4;
  const gammas = fc
    .array(fc.constantFrom(0.1, 0.25, 0.5, 0.75), {
      minLength: FRAMES * components * PIXELS,
      maxLength: FRAMES * components * PIXELS,
    })
    .map((values) => Float32Array.from(values));

  it('scores the argmax, and averages the largest gamma over the scored pixels', () => {
    const scorer = new FrameScorer({ frames: FRAMES, pixels: PIXELS, ignoreLabel: 0 });
    fc.assert(
      fc.property(labels, gammas, (labelsTrue, gamma) => {
        const labelsPred = argmaxGamma(gamma, { frames: FRAMES, components, pixels: PIXELS });
        const byLabels = scorer.scoreLabels(labelsTrue, labelsPred);
        const { confidence, ...byGamma } = scorer.scoreGamma(labelsTrue, gamma, components);
        expect(byGamma).toEqual(byLabels);
        for (let frame = 0; frame < FRAMES; frame++) {
          const largest = [];
          for (let i = frame * PIXELS; i < (frame + 1) * PIXELS; i++) {
            const start = frame * components * PIXELS + (i % PIXELS);
            const values = [0, 1, 2, 3].map((k) => gamma[start + k * PIXELS]!);
            if (labelsTrue[i] !== 0) largest.push(Math.max(...values));
          }
          expect(confidence[frame]).toBeCloseTo(largest.reduce((sum, value) => sum + value, 0) / largest.length, 12);
        }
      }),
      { seed: 7 },
    );
  });

  it('gives NaN to a frame without a scored pixel, and ignores a NaN gamma at a pixel that is not scored', () => {
    const scorer = new FrameScorer({ frames: 1, pixels: 2, ignoreLabel: 0 });
    const gamma = new Float32Array([0.9, Number.NaN, 0.1, 0.5]);
    const { confidence, adjustedRand } = scorer.scoreGamma([0, 0], gamma, 2);
    expect([confidence[0], adjustedRand[0]]).toEqual([Number.NaN, Number.NaN]);
    expect(scorer.scoreGamma([1, 0], gamma, 2).confidence[0]).toBeCloseTo(0.9, 6);
    expect(() => scorer.scoreGamma([1, 2], gamma, 2)).toThrow('gamma[1] is NaN');
  });

  it('writes the confidence only where there is an array for it', () => {
    const scorer = new FrameScorer({ frames: 1, pixels: 2 });
    const gamma = new Float32Array([0.75, 0.25, 0.25, 0.75]);
    const out = { adjustedMutualInfo: new Float64Array(1), adjustedRand: new Float64Array(1) };
    expect(scorer.scoreGamma([1, 2], gamma, 2, out)).toBe(out);
    expect(out).toEqual({ adjustedMutualInfo: new Float64Array([1]), adjustedRand: new Float64Array([1]) });
    expect(scorer.scoreGamma([1, 2], gamma, 2, { ...out, confidence: new Float64Array(1) }).confidence).toEqual(
      new Float64Array([0.75]),
    );
  });
});

describe('FrameScorer', () => {
  const scorer = new FrameScorer({ frames: 2, pixels: 3 });
  const six = new Int32Array(6);
  const two = () => ({ adjustedMutualInfo: new Float64Array(2), adjustedRand: new Float64Array(2) });

  it.each([
    [() => new FrameScorer({ frames: 1.5, pixels: 3 }), 'frames is 1.5, but it must be an integer of at least 0.'],
    [() => new FrameScorer({ frames: 1, pixels: 0 }), 'pixels is 0, but it must be an integer of at least 1.'],
    [() => new FrameScorer({ frames: 1, pixels: 1, ignoreLabel: 0.5 }), 'ignoreLabel is 0.5'],
    [() => new FrameScorer({ frames: 1, pixels: 1, averageMethod: 'sum' as 'max' }), 'averageMethod is "sum"'],
    [
      () => scorer.scoreLabels(new Int32Array(5), six),
      'labelsTrue has 5 entries, but [frames, pixels] = [2, 3] needs 6',
    ],
    [
      () => scorer.scoreLabels(six, new Int32Array(7)),
      'labelsPred has 7 entries, but [frames, pixels] = [2, 3] needs 6',
    ],
    [() => scorer.scoreLabels(six, [0, 0, 0, 0, 0.5, 0]), 'labelsPred[4] is 0.5'],
    [() => scorer.scoreLabels([0, 0, 0, 0, 0.5, 0], six), 'labelsTrue[4] is 0.5'],
    [() => scorer.scoreGamma(six, new Float32Array(6), 2), '[frames, components, pixels] = [2, 2, 3] needs 12'],
    [
      () => scorer.scoreGamma(six, ['0.5', ...new Array(11).fill(0)] as unknown as Float32Array, 2),
      'gamma[0] is "0.5", but it must be a number; pass floats.',
    ],
    [
      () => scorer.scoreGamma(six, new Array(12) as unknown as Float32Array, 2),
      'gamma[0] is undefined, but it must be a number',
    ],
    [() => scorer.scoreGamma(six, null as unknown as Float32Array, 2), 'gamma is null, but [frames, components'],
    [
      () => scorer.scoreLabels(six, six, { adjustedRand: new Float64Array(2) } as LabelScores),
      'out.adjustedMutualInfo is undefined, but [frames] = [2] needs 2 as Float64Array',
    ],
    [
      () =>
        scorer.scoreLabels(six, six, {
          adjustedMutualInfo: new Int32Array(2) as unknown as Float64Array,
          adjustedRand: new Float64Array(2),
        }),
      'out.adjustedMutualInfo is an object, but [frames] = [2] needs 2 as Float64Array',
    ],
    [() => scorer.scoreGamma(six, new Float32Array(6), 0), 'components is 0, but it must be an integer of at least 1.'],
    [
      () =>
        scorer.scoreLabels(six, six, { adjustedMutualInfo: new Float64Array(2), adjustedRand: new Float64Array(1) }),
      'out.adjustedRand has 1 entries, but [frames] = [2] needs 2; pass an array of that shape.',
    ],
    [
      () => scorer.scoreGamma(six, new Float32Array(12), 2, { ...two(), confidence: new Float64Array(1) }),
      'out.confidence has 1 entries, but [frames] = [2] needs 2; pass an array of that shape.',
    ],
    [
      () =>
        scorer.scoreLabels(six, six, {
          ...two(),
          adjustedMutualInfoByMethod: { min: new Float32Array(2) as unknown as Float64Array },
        }),
      'out.min is an object, but [frames] = [2] needs 2 as Float64Array',
    ],
  ])('refuses what does not fit: %s', (call, message) => {
    expect(call).toThrow(message);
  });
});
