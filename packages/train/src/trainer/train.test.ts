import type { Engine, EngineSpec } from '@nem/core';
import { decorateEngine, learningRateAt } from '@nem/core';
import { BatchOrder, drawSamples } from '@nem/datasets';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEngine } from '../engines/create-engine.js';
import { randomness, toBatch } from '../engines/inputs.js';
import { RunError } from '../errors.js';
import { movingDots } from '../evaluation/moving-dots.fixture.js';
import { engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import { readWeights, START, type TrainingState, type Weights, writeWeights } from './state.js';
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

it.each<[Partial<TrainOptions>, string]>([
  [{ maxMinutes: Number.NaN }, 'the option maxMinutes is NaN: give a number of at least 0.'],
  [{ checkpointMinutes: 0 }, 'the option checkpointMinutes is 0: give a number above 0.'],
  [{ seed: 0.5 }, 'the option seed is 0.5: give an integer of at least 0.'],
])('%j is refused before the first update', async (over, sentence) => {
  const step = () => expect.unreachable();
  await expect(train({ ...options(await makeEngine(), { step }), ...over })).rejects.toThrow(sentence);
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
          const [first] = Object.values(weights.parameters);
          if (first) seen.push(first.values.slice());
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

it("tells the mean of an epoch's losses as its training loss", async () => {
  const losses: number[] = [];
  const means: number[] = [];
  await train(
    options(await makeEngine(), {
      step: ({ loss }) => void losses.push(loss),
      epoch: ({ training }) => void means.push(training.loss),
    }),
  );
  const mean = (epoch: number) => {
    const own = losses.slice(epoch * STEPS_OF_AN_EPOCH, (epoch + 1) * STEPS_OF_AN_EPOCH);
    return own.reduce((sum, loss) => sum + loss, 0) / STEPS_OF_AN_EPOCH;
  };
  expect(means).toEqual([0, 1].map((epoch) => expect.closeTo(mean(epoch), 9)));
});

describe('early stopping', () => {
  const few = movingDots(1, BATCH);

  /** What a run tells whose epochs have such losses on their validation inputs. */
  async function told(losses: readonly number[], patience: number, from?: TrainingState) {
    const engine = await makeEngine();
    let epoch = (from?.epoch ?? 1) - 1;
    const infer: Engine['infer'] = async (...args) => ({ ...(await engine.infer(...args)), loss: losses[epoch]! });
    const improved: boolean[] = [];
    let last: TrainingState | undefined;
    const scored = decorateEngine(engine, { members: { infer } });
    const events: Partial<TrainingEvents> = {
      epoch(_record, best) {
        epoch++;
        improved.push(best);
      },
      checkpoint(state) {
        last = state;
      },
    };
    const patient = withSettings(experiment, [`patience=${patience}`, `epochs=${losses.length}`]);
    const ending = await train({ ...options(scored, events), experiment: patient, dataset: few, from });
    return { ending, improved, last };
  }

  it('ends training once so many epochs had no lower loss than the best one', async () => {
    const { ending, improved, last } = await told([5, 3, 3, 4, 2, 2, 6, 7, 1], 3);
    expect(ending).toBe('early stopping');
    expect(improved).toEqual([true, true, false, false, true, false, false, false]);
    expect(last).toMatchObject({ epoch: 9, step: 0, best: { loss: 2, epoch: 5 }, ending });
  });

  it('counts the epochs before a checkpoint that training goes on from', async () => {
    const from = { ...START, epoch: 4, update: 3, best: { loss: 3, epoch: 2 } };
    const { ending, improved, last } = await told([5, 3, 3, 4, 2], 2, from);
    expect([ending, improved]).toEqual(['early stopping', [false]]);
    expect(last?.best).toEqual(from.best);
  });

  it('is told where it comes in the last epoch, which ends training otherwise', async () => {
    expect(await told([3, 3], 1)).toMatchObject({ ending: 'early stopping', improved: [true, false] });
    expect(await told([3, 2], 1)).toMatchObject({ ending: 'last epoch', improved: [true, true] });
  });
});

describe('a learning-rate schedule and inputs without end', () => {
  const scheduled = withSettings(experiment, [
    'learningRate={"peak":0.02,"warmUp":3,"decay":{"until":9,"to":0.001}}',
    ...['epochInputs=20', 'epochs=3'],
  ]);
  const make = () => makeEngine({ optimizer: engineSpec(scheduled).optimizer });

  it('give each update its rate and each epoch the inputs after those of the one before', async () => {
    const engine = await make();
    const batches: Float32Array[] = [];
    const trainStep: Engine['trainStep'] = (batch, randomness) => {
      batches.push(batch.frames.slice());
      return engine.trainStep(batch, randomness);
    };
    const decorated = decorateEngine(engine, { members: { trainStep } });
    await train({ ...options(decorated, {}), experiment: scheduled });
    expect(batches).toHaveLength(15);
    const inputs = (batch: number) => Array.from({ length: BATCH }, (_, i) => batch * BATCH + i);
    for (const [i, frames] of batches.entries()) {
      expect(frames).toEqual(toBatch(drawSamples(dataset, 'training', inputs(i))).frames);
    }
    // The same by hand: Adam at the rate of each update.
    const [byHand, reference] = [await make(), await engine.parameters()];
    for (const [i, frames] of batches.entries()) {
      const batch = { frames, batch: BATCH };
      const learningRate = learningRateAt(engineSpec(scheduled).optimizer!.learningRate!, i + 1);
      const one = await makeEngine({ optimizer: { learningRate } });
      writeWeights(one, await readWeights(byHand));
      await one.trainStep(batch, randomness(5, 'training', i));
      writeWeights(byHand, await readWeights(one));
    }
    expect(await byHand.parameters()).toEqual(reference);
  });

  it('go on from a checkpoint, bit by bit', async () => {
    let done = 0;
    const run = async (engine: Engine, more: Partial<TrainOptions> = {}) => {
      const kept: { state: TrainingState; weights: Weights }[] = [];
      const checkpoint = (state: TrainingState, weights: Weights) => {
        kept.push(structuredClone({ state, weights }));
      };
      const step: TrainingEvents['step'] = ({ update }) => {
        done = update;
      };
      await train({ ...options(engine, { checkpoint, step }), experiment: scheduled, ...more });
      return kept.at(-1)!;
    };
    const half = await run(await make(), { stop: () => done === 8 });
    expect(half.state).toMatchObject({ epoch: 2, update: 8 });
    const again = await make();
    writeWeights(again, half.weights);
    expect(await run(again, { from: half.state })).toEqual(await run(await make()));
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

/** `engine` as one that queues work up: it takes up calls in order, a turn late, and tells losses another turn later. */
function queueing(engine: Engine) {
  const seen = { inFlight: 0, most: 0, calls: 0 };
  let last: Promise<unknown> = Promise.resolve();
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const trainStep: Engine['trainStep'] = (...args) => {
    seen.calls++;
    seen.most = Math.max(seen.most, ++seen.inFlight);
    const work = last.then(turn).then(() => engine.trainStep(...args));
    last = work.catch(() => undefined);
    return work
      .then(async (result) => {
        await turn();
        return result;
      })
      .finally(() => {
        seen.inFlight--;
      });
  };
  const queued = decorateEngine(engine, {
    members: { stepsInFlight: 2, trainStep },
    around(call) {
      expect(seen.inFlight).toBe(0);
      return call();
    },
  });
  return { engine: queued, seen };
}

describe('an engine that queues updates up', () => {
  /** What a run tells, and its last weights. */
  async function told(engine: Engine, over: Partial<TrainOptions> = {}) {
    const steps: unknown[] = [];
    const checkpoints: { state: TrainingState; weights: Weights }[] = [];
    const ending = await train({
      ...options(engine, {
        step: (update) => void steps.push(update),
        checkpoint: (state, weights) => void checkpoints.push(structuredClone({ state, weights })),
      }),
      ...over,
    });
    return { ending, steps, checkpoints };
  }

  it('has two in flight, and changes nothing of what a run tells', async () => {
    const { engine, seen } = queueing(await makeEngine());
    const found = await told(engine);
    expect(seen).toEqual({ inFlight: 0, most: 2, calls: 2 * STEPS_OF_AN_EPOCH });
    const expected = await told(await makeEngine());
    expect(found.steps).toEqual(expected.steps);
    expect(found.ending).toBe(expected.ending);
    expect(found.checkpoints.at(-1)).toEqual(expected.checkpoints.at(-1));
  });

  it('stops at a checkpoint from which a run goes on bit by bit', async () => {
    const { engine } = queueing(await makeEngine());
    let asked = 0;
    const first = await told(engine, { stop: () => asked++ === 6 });
    const [from] = first.checkpoints;
    if (!from) throw new Error('the run wrote no checkpoint');
    expect([first.ending, first.steps.length, from.state.update]).toEqual(['stopped', 6, 6]);
    const again = queueing(await makeEngine()).engine;
    again.setParameters(from.weights.parameters);
    again.setOptimizerState(from.weights.optimizer);
    const second = await told(again, { from: from.state });
    const whole = await told(await makeEngine());
    expect([...first.steps, ...second.steps]).toEqual(whole.steps);
    expect(second.checkpoints.at(-1)).toEqual(whole.checkpoints.at(-1));
  });

  it('has the same words for a value that is not finite', async () => {
    const changes = { optimizer: { learningRate: 1e38 } };
    const message = (engine: Engine) => train(options(engine, {})).catch((error: Error) => error.message);
    const expected = await message(await makeEngine(changes));
    expect(await message(queueing(await makeEngine(changes)).engine)).toBe(expected);
    expect(expected).toMatch(/at update \d+/);
  });

  it('passes on a failure of an update, and waits for no other', async () => {
    const { engine } = queueing(await makeEngine());
    let calls = 0;
    const trainStep: Engine['trainStep'] = async (...args) => {
      if (++calls >= 4) throw new Error(`no update ${calls}`);
      return engine.trainStep(...args);
    };
    const failing = decorateEngine(engine, { members: { trainStep } });
    const steps: number[] = [];
    await expect(train(options(failing, { step: ({ update }) => void steps.push(update) }))).rejects.toThrow(
      'no update 4',
    );
    expect(steps).toEqual([1, 2, 3]);
  });
});
