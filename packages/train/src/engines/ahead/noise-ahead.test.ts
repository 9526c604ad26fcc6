import type { Engine, Randomness } from '@nem/core';
import { deriveKey } from '@nem/random';
import { afterEach, expect, it, vi } from 'vitest';
import { createEngine } from '../create-engine.js';
import { WorkerThread } from '../threads/worker-thread.js';
import { tinySpec } from '../tiny-spec.fixture.js';
import { withNoiseAhead } from './noise-ahead.js';
import type { NoiseResults, NoiseTask } from './noise-worker.js';

const spec = tinySpec({
  hidden: 5,
  objective: { interWeight: 1, stepWeights: [1, 1], gammaGradient: true },
  noise: { type: 'bitFlip', probability: 0.3 },
});
/** A step's inputs. */
const step = (batch: number, seed: number) => ({
  batch: { batch, frames: Float32Array.from({ length: 3 * batch * 6 }, (_, i) => (i % 3) % 2) },
  keys: { noise: deriveKey(seed, 'noise'), gamma: deriveKey(seed, 'gamma') },
});
const steps = [step(4, 0), step(2, 1), step(4, 2), step(4, 3)] as const;
const [first, second] = steps;

const engines: Engine[] = [];
async function plain(): Promise<Engine> {
  const made = await createEngine('cpu', spec, 3);
  engines.push(made);
  return made;
}

/** The engine with a thread beside it, and what the inner engine was given. */
async function ahead() {
  const inner = await plain();
  const given: Randomness[] = [];
  const trainStep = inner.trainStep.bind(inner);
  inner.trainStep = (batch, randomness) => {
    given.push(randomness);
    return trainStep(batch, randomness);
  };
  const made = withNoiseAhead(inner, spec);
  engines.push(made);
  return { made, given };
}

afterEach(() => {
  for (const made of engines.splice(0)) made.dispose();
});

it('takes prepared steps as others, bit by bit', async () => {
  const { made, given } = await ahead();
  const reference = await plain();
  for (const [i, { batch, keys }] of steps.entries()) {
    const done = made.trainStep(batch, keys);
    const next = steps[i + 1];
    if (next) made.prepare?.(next.batch, next.keys);
    expect(await done).toEqual(await reference.trainStep(batch, keys));
  }
  expect(await made.parameters()).toEqual(await reference.parameters());
  expect(given.map((randomness) => 'corrupted' in randomness)).toEqual([false, true, true, true]);
});

it('takes steps that are not waited for in their order', async () => {
  const { made } = await ahead();
  const reference = await plain();
  made.prepare?.(first.batch, first.keys);
  const asked = [first, second].map(({ batch, keys }) => made.trainStep(batch, keys));
  const parameters = made.parameters();
  for (const [i, { batch, keys }] of [first, second].entries()) {
    expect(await asked[i]).toEqual(await reference.trainStep(batch, keys));
  }
  expect(await parameters).toEqual(await reference.parameters());
});

it('leaves what was prepared and is not taken', async () => {
  const { made, given } = await ahead();
  const reference = await plain();
  made.prepare?.(first.batch, second.keys);
  expect(await made.trainStep(first.batch, first.keys)).toEqual(await reference.trainStep(first.batch, first.keys));
  expect(given).toEqual([first.keys]);
});

it('goes on without the thread where that has ended', async () => {
  const { made, given } = await ahead();
  const run = vi.spyOn(WorkerThread.prototype, 'run');
  made.prepare?.(first.batch, first.keys);
  await made.trainStep(first.batch, first.keys);
  for (const thread of run.mock.contexts) (thread as WorkerThread<NoiseTask, NoiseResults>).terminate();
  run.mockRestore();
  made.prepare?.(second.batch, second.keys);
  expect((await made.trainStep(second.batch, second.keys)).loss).toBeGreaterThan(0);
  expect(given[1]).toBe(second.keys);
});
