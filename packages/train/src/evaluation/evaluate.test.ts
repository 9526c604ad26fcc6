import type { EngineSpec } from '@nem/core';
import { drawSamples } from '@nem/datasets';
import { adjustedMutualInfoScore } from '@nem/metrics';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../engines/create-engine.js';
import { randomness, toBatch } from '../engines/inputs.js';
import { evaluate, evaluateFrames } from './evaluate.js';
import { movingDots } from './moving-dots.fixture.js';

const STEPS = 3;
const K = 3;
const mixtures = {
  bernoulli: { distribution: 'bernoulli', prior: 0 },
  'bernoulli with a prior': { distribution: 'bernoulli', prior: 0.3 },
  gaussian: { distribution: 'gaussian', sigma: 0.25, prior: 0.1 },
} as const;

const spec = (mixture: EngineSpec['mixture'], stepWeights: readonly number[]): EngineSpec => ({
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 5, activation: 'sigmoid', layerNorm: false },
    output: [{ type: 'dense', size: 48, activation: 'sigmoid', layerNorm: false }],
  },
  mixture,
  components: K,
  image: [6, 8],
  noise: { type: 'bitFlip', probability: 0.1 },
  objective: { interWeight: 0.2, gammaGradient: false, stepWeights },
});

const all = new Array<number>(STEPS).fill(1);
const last = all.map((_, t) => (t === STEPS - 1 ? 1 : 0));
const engines = {
  bernoulli: await createEngine('cpu', spec(mixtures.bernoulli, all), 1),
  'bernoulli with a prior': await createEngine('cpu', spec(mixtures['bernoulli with a prior'], all), 1),
  gaussian: await createEngine('cpu', spec(mixtures.gaussian, all), 1),
  still: await createEngine('cpu', spec(mixtures.bernoulli, last), 1),
};
afterAll(() => {
  for (const engine of Object.values(engines)) engine.dispose();
});

const options = { split: 'test', components: K, batchSize: 4, seed: 2 } as const;
/** What the losses of frames need beside. */
const losses = { mixture: mixtures.bernoulli, interWeight: 0.2 };

describe('a sequence', () => {
  const dataset = movingDots(STEPS + 1, 10);
  const given = { ...options, dataset, engine: engines.bernoulli, count: 6 };

  it('compares γ after step t with the groups of frame t + 1', async () => {
    const samples = drawSamples(dataset, 'test', [0, 1, 2, 3]);
    const { gamma } = await engines.bernoulli.infer(toBatch(samples), randomness(2, 'test', 0), { steps: 'all' });
    const scores = Array.from({ length: STEPS }, (_, t) =>
      Array.from({ length: 4 }, (_, b) => {
        const groups: number[] = [];
        const found: number[] = [];
        for (let i = 0; i < 48; i++) {
          const group = samples.groups[((t + 1) * 4 + b) * 48 + i]!;
          const values = Array.from({ length: K }, (_, k) => gamma[((t * 4 + b) * K + k) * 48 + i]!);
          if (group > 0) {
            groups.push(group);
            found.push(values.indexOf(Math.max(...values)));
          }
        }
        return adjustedMutualInfoScore(groups, found, { averageMethod: 'max' });
      }),
    );
    const { frames, adjustedMutualInfo } = await evaluateFrames({ ...given, ...losses, count: 4 });
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(frames.map(({ frame }) => frame)).toEqual([1, 2, 3]);
    frames.forEach((frame, t) => {
      expect(frame.adjustedMutualInfo.max.mean).toBeCloseTo(mean(scores[t]!), 10);
    });
    expect(adjustedMutualInfo.max).toBeCloseTo(mean(scores.flat()), 10);
  });

  it('has the losses alone where there is one object or one component, so one grouping', async () => {
    const scored = await evaluate(given);
    const alone = await evaluate({ ...given, dataset: { ...dataset, objects: 1 } });
    const none = { max: Number.NaN, arithmetic: Number.NaN };
    expect(alone).toEqual({ ...scored, adjustedMutualInfo: none, adjustedRand: Number.NaN, confidence: Number.NaN });
    expect(Object.values(scored.adjustedMutualInfo).every(Number.isFinite)).toBe(true);
    const [frame] = (await evaluateFrames({ ...given, ...losses, dataset: { ...dataset, objects: 1 } })).frames;
    expect([frame!.adjustedRand.mean, Number.isFinite(frame!.loss.mean)]).toEqual([Number.NaN, true]);
  });

  it('refuses to score no inputs', async () => {
    for (const count of [0, Number.NaN]) {
      await expect(evaluate({ ...given, count })).rejects.toThrow(`the option count is ${count}: give an integer`);
    }
  });

  it('has the same averages with and without its frames', async () => {
    const { frames, ...scores } = await evaluateFrames({ ...given, ...losses });
    expect(await evaluate(given)).toEqual(scores);
    expect(scores.inputs).toBe(6);
    const over = (read: (frame: (typeof frames)[number]) => number) =>
      frames.reduce((sum, frame) => sum + read(frame), 0) / STEPS;
    expect(over((frame) => frame.adjustedRand.mean)).toBeCloseTo(scores.adjustedRand, 10);
    expect(over((frame) => frame.confidence.mean)).toBeCloseTo(scores.confidence, 10);
    expect(over((frame) => frame.predictionLoss.mean)).toBeCloseTo(scores.predictionLoss!, 3);
  });

  it.each(Object.entries(mixtures))(
    'of %s pixels has losses of inputs whose means are those of the engine',
    async (name, mixture) => {
      const engine = engines[name as keyof typeof mixtures];
      const samples = drawSamples(dataset, 'test', [0, 1, 2, 3]);
      const { losses: whole } = await engine.infer(toBatch(samples), randomness(2, 'test', 0));
      const { frames, loss } = await evaluateFrames({ ...given, ...losses, engine, mixture, count: 4 });
      whole.forEach(({ intra, inter, upper }, t) => {
        expect(frames[t]!.loss.mean / (intra + 0.2 * inter)).toBeCloseTo(1, 5);
        expect(frames[t]!.predictionLoss.mean / upper).toBeCloseTo(1, 5);
      });
      expect(frames.reduce((sum, frame) => sum + frame.loss.mean, 0) / loss).toBeCloseTo(1, 5);
    },
  );

  it('scores no more inputs than the split has, and tells how far it is', async () => {
    const done: number[] = [];
    const progress = async (inputs: number) => {
      done.push(inputs);
    };
    expect((await evaluate({ ...given, count: 1000, progress })).inputs).toBe(10);
    expect(done).toEqual([4, 8, 10]);
  });
});

describe('still images', () => {
  const given = {
    ...options,
    dataset: movingDots(1, 6),
    engine: engines.still,
    count: 6,
  };

  it('are scored after the last step, and listed for every step', async () => {
    const { frames, ...scores } = await evaluateFrames({ ...given, ...losses });
    expect(frames).toHaveLength(STEPS);
    const after = frames.at(-1)!;
    expect(scores.adjustedMutualInfo.max).toBe(after.adjustedMutualInfo.max.mean);
    expect(scores.adjustedMutualInfo.arithmetic).toBe(after.adjustedMutualInfo.arithmetic.mean);
    expect(scores.predictionLoss! / after.predictionLoss.mean).toBeCloseTo(1, 5);
    expect(scores.loss / after.loss.mean).toBeCloseTo(1, 5);
    expect(await evaluate(given)).toEqual(scores);
  });
});
