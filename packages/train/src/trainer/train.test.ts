import type { Engine, EngineSpec } from '@nem/core';
import { BatchOrder } from '@nem/datasets';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEngine } from '../engine/engines.js';
import { RunError } from '../errors.js';
import { movingDots } from '../evaluation/moving-dots.fixture.js';
import { engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import { type TrainingEvents, type TrainOptions, train } from './train.js';

const BATCH = 4;
const STEPS_OF_AN_EPOCH = 16;
const dataset = movingDots(1, BATCH * STEPS_OF_AN_EPOCH);
const experiment = withSettings(findExperiment('static-shapes'), [
  `batchSize=${BATCH}`,
  ...['epochs=2', 'steps=2', 'validationInputs=8', 'components=2', 'dataset.height=6', 'dataset.width=8'],
  'network={"type":"rnn-em","input":[],"recurrent":{"size":3,"activation":"sigmoid","layerNorm":false},"output":[{"type":"dense","size":48,"activation":"sigmoid","layerNorm":false}]}',
]);

const engines: Engine[] = [];
async function makeEngine(changes: Partial<EngineSpec> = {}): Promise<Engine> {
  const engine = await createEngine('cpu', { ...engineSpec(experiment), ...changes }, 1);
  engines.push(engine);
  return engine;
}

const ignored: TrainingEvents = { step() {}, epoch() {}, timeLimit() {}, cutEpoch() {}, checkpoint() {} };
const options = (engine: Engine, events: Partial<TrainingEvents>): TrainOptions => ({
  ...{ experiment, engine, dataset, seed: 5 },
  events: { ...ignored, ...events },
});

afterEach(() => {
  vi.useRealTimers();
  for (const engine of engines.splice(0)) engine.dispose();
});

describe('checkpoints', () => {
  it.each([
    ['every 5 minutes by default', undefined, [5, 10, 15]],
    ['as often as asked for', 4, [4, 8, 12, 16]],
  ])('are written %s, and after each epoch', async (_, checkpointMinutes, inFirstEpoch) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const updates: number[] = [];
    await train({
      ...options(await makeEngine(), {
        // A minute an update.
        step: () => void vi.advanceTimersByTime(60_000),
        checkpoint: ({ update }) => void updates.push(update),
      }),
      checkpointMinutes,
    });
    expect(updates.filter((update) => update <= STEPS_OF_AN_EPOCH)).toEqual([...inFirstEpoch, STEPS_OF_AN_EPOCH]);
    expect(updates.at(-1)).toBe(2 * STEPS_OF_AN_EPOCH);
  });

  it('hold weights of their own moment, the same ones for two at the same update', async () => {
    const engine = await makeEngine();
    const seen: Float32Array[] = [];
    let atEpoch: unknown;
    await train(
      options(engine, {
        epoch(_record, _best, weights) {
          atEpoch = weights;
        },
        async checkpoint(_state, weights) {
          expect(weights).toBe(atEpoch);
          expect(weights).toEqual({
            parameters: await engine.parameters(),
            optimizer: await engine.optimizerState(),
          });
          seen.push(Object.values(weights.parameters)[0].values.slice());
        },
      }),
    );
    expect(seen).toHaveLength(2);
    expect(seen[0]).not.toEqual(seen[1]);
  });

  it('end a run at its time limit, inside an epoch', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const updates: number[] = [];
    const ending = await train({
      ...options(await makeEngine(), {
        step: () => void vi.advanceTimersByTime(60_000),
        checkpoint: ({ update }) => void updates.push(update),
      }),
      maxMinutes: 3,
    });
    expect([ending, updates]).toEqual(['time limit', [3]]);
  });
});

describe('a value that is not finite', () => {
  it('is told with its update, its tensor and the very samples of that update', async () => {
    const engine = await makeEngine({ optimizer: { learningRate: 1e38 } });
    const failure = await train(options(engine, {})).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RunError);
    const found = /at update (\d+) \(epoch 1, step (\d+)\): .* on the training samples ([\d, ]+);/.exec(
      (failure as RunError).message,
    );
    const [, update, step, samples] = found ?? [];
    expect(update).toBe(step);
    const size = dataset.sizes.training;
    const order = new BatchOrder({ size, batchSize: BATCH, seed: 5, epoch: 1, dropLast: true });
    expect(samples).toBe(Array.from(order.indices(Number(step) - 1)).join(', '));
  });
});
