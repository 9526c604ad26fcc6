import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type AdamOptions, type Engine, type EngineSpec, parseVector, relativeError, verify } from '@nem/core';
import { loadNative } from '@nem/kernels/native';
import { deriveKey, fillBernoulli } from '@nem/random';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineError, UsageError } from '../../errors.js';
import { createEngine } from '../create-engine.js';
import { engineDefinition } from '../table.js';
import { WorkerThread } from '../threads/worker-thread.js';
import type { Results, Task } from './protocol.js';

const vectors = join(dirname(createRequire(import.meta.url).resolve('@nem/core/package.json')), 'vectors');

const spec: EngineSpec = {
  network: {
    type: 'rnn-em',
    input: [{ type: 'dense', size: 7, activation: 'elu', layerNorm: true }],
    recurrent: { size: 5, activation: 'sigmoid', layerNorm: true },
    output: [{ type: 'dense', size: 30, activation: 'sigmoid' }],
  },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 1, stepWeights: [0.5, 0, 1], gammaGradient: true },
  image: [5, 6],
  components: 3,
  noise: { type: 'bitFlip', probability: 0.2 },
};

const BATCH = 5;
const frames = Float32Array.from(fillBernoulli(deriveKey(1, 'frames'), new Uint8Array(4 * BATCH * 30), 0.4));
const batch = { frames, batch: BATCH };
const keys = (i: number) => ({ noise: deriveKey(2, 'noise', i), gamma: deriveKey(2, 'gamma', i) });

const engines: Engine[] = [];
async function engine(name: 'native' | 'wasm' | 'cpu', workers?: number, optimizer?: AdamOptions): Promise<Engine> {
  const made = await createEngine(name, { ...spec, optimizer }, 3, { workers });
  engines.push(made);
  return made;
}
afterEach(() => {
  for (const made of engines.splice(0)) made.dispose();
});

const values = (arrays: Record<string, { values: Float32Array }>) =>
  Float32Array.from(Object.values(arrays).flatMap((array) => [...array.values]));

async function afterThreeSteps(trained: Engine) {
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push((await trained.trainStep(batch, keys(i))).loss);
  const { updates, m, v } = await trained.optimizerState();
  return { losses, updates, parameters: values(await trained.parameters()), m: values(m), v: values(v) };
}

/** Each target of the kernels that this machine has, with each number of workers. */
const targets = 'reason' in loadNative() ? (['wasm'] as const) : (['wasm', 'native'] as const);
const pools = (counts: readonly number[]) =>
  targets.flatMap((target) => counts.map((workers) => [target, workers] as const));

describe.each(pools([1, 2, 3]))('%s, %i workers', (target, workers) => {
  it('take the same steps as one thread within rounding', async () => {
    const ours = await afterThreeSteps(await engine(target, workers));
    const reference = await afterThreeSteps(await engine('cpu'));
    expect(ours.updates).toBe(3);
    expect(relativeError(ours.losses, reference.losses)).toBeLessThan(2e-5);
    for (const name of ['parameters', 'm', 'v'] as const) {
      expect(relativeError(ours[name], reference[name])).toBeLessThan(2e-4);
    }
  });

  it('clip the gradients of all of them by their norm, as one thread does', async () => {
    const clipped = (name: typeof target | 'cpu', count?: number) => engine(name, count, { clipNorm: 0.5 });
    const ours = await afterThreeSteps(await clipped(target, workers));
    const reference = await afterThreeSteps(await clipped('cpu'));
    for (const name of ['parameters', 'm', 'v'] as const) {
      expect(relativeError(ours[name], reference[name])).toBeLessThan(2e-4);
    }
    const one = await clipped(target, workers);
    await one.trainStep(batch, keys(0));
    expect(Math.hypot(...values((await one.optimizerState()).m))).toBeCloseTo(0.05, 6);
  });

  it('give the same bits again', async () => {
    expect(await afterThreeSteps(await engine(target, workers))).toEqual(
      await afterThreeSteps(await engine(target, workers)),
    );
  });

  it.each(['last', 'all'] as const)('infer %s steps as one thread does', async (steps) => {
    const ours = await (await engine(target, workers)).infer(batch, keys(0), { steps });
    const reference = await (await engine('cpu')).infer(batch, keys(0), { steps });
    expect(ours.corrupted).toEqual(reference.corrupted);
    for (const name of ['gamma', 'predictions', 'hidden'] as const) {
      expect(relativeError(ours[name], reference[name])).toBeLessThan(2e-5);
    }
    expect(relativeError([ours.loss], [reference.loss])).toBeLessThan(2e-5);
    for (const name of ['intra', 'inter', 'upper'] as const) {
      const all = (result: typeof ours) => result.losses.map((step) => step[name]);
      expect(relativeError(all(ours), all(reference))).toBeLessThan(2e-5);
    }
  });
});

describe.each(pools([1, 2]))('%s with %i workers', (target, workers) => {
  it.each(readdirSync(vectors))('%s holds', async (file) => {
    const vector = parseVector(JSON.parse(readFileSync(join(vectors, file), 'utf8')));
    const rows = await verify((of) => createEngine(target, of, 0, { workers }), vector);
    expect(rows.filter((row) => !row.holds)).toEqual([]);
  });
});

it.each([1, 2, 3])('%i workers take prepared steps as they take others, bit by bit', async (workers) => {
  const [prepared, plain] = [await engine('wasm', workers), await engine('wasm', workers)];
  const batches = [batch, { frames: frames.subarray(0, 4 * 2 * 30), batch: 2 }, batch, batch];
  const all = batches.map((of, i) => ({ of, randomness: keys(i) }));
  for (const [i, { of, randomness }] of all.entries()) {
    const expected = await plain.trainStep(of, randomness);
    const step = prepared.trainStep(of, randomness);
    const next = all[i + 1];
    if (next) {
      // The last word counts.
      prepared.prepare?.(of, randomness);
      prepared.prepare?.(next.of, next.randomness);
    }
    expect(await step).toEqual(expected);
    // Time to draw some of it, and a task in between.
    await prepared.infer(batch, keys(9));
  }
  expect(await prepared.parameters()).toEqual(await plain.parameters());
});

it('forgets a prepared step where another one is taken', async () => {
  const [ours, plain] = [await engine('wasm', 2), await engine('wasm', 2)];
  ours.prepare?.(batch, keys(5));
  expect(await ours.trainStep(batch, keys(5))).toEqual(await plain.trainStep(batch, keys(5)));
  ours.prepare?.(batch, keys(6));
  expect(await ours.gradients(batch, keys(7))).toEqual(await plain.gradients(batch, keys(7)));
});

it('gives calls that are not waited for what it gives them one by one', async () => {
  const [ours, plain] = [await engine('wasm', 2), await engine('wasm', 2)];
  const other = { frames: frames.map((pixel) => 1 - pixel), batch: BATCH };
  const start = await plain.parameters();
  const calls = [
    (made: Engine) => made.infer(batch, keys(0)),
    (made: Engine) => made.infer(other, keys(1)),
    (made: Engine) => made.gradients(batch, keys(2)),
    (made: Engine) => made.gradients(other, keys(3)),
    (made: Engine) => made.trainStep(batch, keys(4)),
    (made: Engine) => made.parameters(),
    (made: Engine) => made.trainStep(other, keys(5)),
    (made: Engine) => made.optimizerState(),
  ];
  const expected: unknown[] = [];
  for (const call of calls) expected.push(await call(plain));
  const asked = calls.map((call) => call(ours));
  ours.setParameters(start);
  const after = ours.parameters();
  expect(await Promise.all(asked)).toEqual(expected);
  expect(await after).toEqual(start);
});

it('goes on with the next call where one that was not waited for fails', async () => {
  const made = await engine('wasm', 2);
  const run = vi.spyOn(WorkerThread.prototype, 'run').mockRejectedValueOnce(new RangeError('no room'));
  const [failed, next] = [made.trainStep(batch, keys(0)), made.trainStep(batch, keys(0))];
  await expect(failed).rejects.toThrow('no room');
  expect((await next).loss).toBeGreaterThan(0);
  run.mockRestore();
});

it('takes batches of other sizes in turn', async () => {
  const [ours, reference] = [await engine('wasm', 2), await engine('cpu')];
  for (const rows of [2, BATCH, 1, BATCH]) {
    const part = { frames: frames.subarray(0, 4 * rows * 30), batch: rows };
    const { loss } = await reference.infer(part, keys(0));
    expect(relativeError([(await ours.infer(part, keys(0))).loss], [loss])).toBeLessThan(2e-5);
  }
});

it('goes on from parameters and optimizer state of another engine', async () => {
  const first = await engine('cpu');
  await first.trainStep(batch, keys(0));
  const second = await engine('wasm', 2);
  second.setParameters(await first.parameters());
  second.setOptimizerState(await first.optimizerState());
  await first.trainStep(batch, keys(1));
  await second.trainStep(batch, keys(1));
  expect(relativeError(values(await second.parameters()), values(await first.parameters()))).toBeLessThan(1e-5);
});

it('refuses a batch of the wrong length and computes on', async () => {
  const made = await engine('wasm', 2);
  await expect(made.trainStep({ frames: frames.subarray(30), batch: BATCH }, keys(0))).rejects.toThrow(/frames/);
  expect((await made.trainStep(batch, keys(0))).loss).toBeGreaterThan(0);
});

it('names a worker thread that has ended', async () => {
  const made = await engine('wasm', 2);
  const run = vi.spyOn(WorkerThread.prototype, 'run');
  await made.trainStep(batch, keys(0));
  for (const thread of run.mock.contexts) (thread as WorkerThread<Task, Results>).terminate();
  run.mockRestore();
  const step = made.trainStep(batch, keys(1));
  await expect(step).rejects.toThrow(EngineError);
  await expect(step).rejects.toThrow(/worker thread [12] ended/);
});

it('names a worker thread that does not start', async () => {
  const empty = new SharedArrayBuffer(0);
  const buffers = { parameters: empty, m: empty, v: empty, gradients: [empty] };
  const thread = new WorkerThread<Task, Results>('/nonexistent/worker.js', 'worker thread 2', {
    spec,
    buffers,
    worker: 1,
  });
  const task = thread.run({ type: 'update', update: 1, from: 0, to: 0, workers: 1, factor: 1 });
  await expect(task).rejects.toThrow(/worker thread 2 failed/);
});

it('says how many threads it has, and of which kernels', async () => {
  for (const target of targets) {
    const { name, device } = await engine(target, 2);
    expect(name).toBe(target);
    expect(device).toBe(`2 worker threads, ${await engineDefinition(target).kernels?.()}`);
  }
});

it('refuses a precision that its kernels lack', async () => {
  const made = engineDefinition('wasm').create(spec, deriveKey(3, 'parameters'), { workers: 1, precision: 'bfloat16' });
  await expect(made).rejects.toThrow(UsageError);
  await expect(made).rejects.toThrow(/this processor does not compute in bfloat16 \(its kernels are \w+\): leave out/);
});

it('tells of a batch that does not fit into memory, and computes on', async () => {
  const large: EngineSpec = { ...spec, objective: { ...spec.objective, stepWeights: new Array(300).fill(1) } };
  const made = await createEngine('wasm', large, 3, { workers: 1 });
  engines.push(made);
  const rows = 30_000;
  const still = { frames: new Float32Array(rows * 30), batch: rows };
  await expect(made.trainStep(still, keys(0))).rejects.toThrow(/^a batch does not fit into memory \(.*\): take fewer/);
  const { loss } = await made.trainStep({ frames: new Float32Array(30), batch: 1 }, keys(0));
  expect(loss).toBeGreaterThan(0);
});
