import type { Engine, EngineSpec, Randomness } from '@nem/core';
import { deriveKey } from '@nem/random';
import { afterEach, expect, it, vi } from 'vitest';
import { createEngine } from '../create-engine.js';
import { WorkerThread } from '../threads/worker-thread.js';
import { withNoiseAhead } from './noise-ahead.js';
import type { NoiseResults, NoiseTask } from './noise-worker.js';

const spec: EngineSpec = {
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 5, activation: 'sigmoid' },
    output: [{ type: 'dense', size: 6, activation: 'sigmoid' }],
  },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 1, stepWeights: [1, 1], gammaGradient: true },
  image: [2, 3],
  components: 2,
  noise: { type: 'bitFlip', probability: 0.3 },
};
const batches = [4, 2, 4, 4].map((batch) => ({
  batch,
  frames: Float32Array.from({ length: 3 * batch * 6 }, (_, i) => (i % 3) % 2),
}));
const keys = batches.map((_, i) => ({ noise: deriveKey(i, 'noise'), gamma: deriveKey(i, 'gamma') }));

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
  for (const [i, batch] of batches.entries()) {
    const step = made.trainStep(batch, keys[i]);
    if (i + 1 < batches.length) made.prepare?.(batches[i + 1], keys[i + 1]);
    expect(await step).toEqual(await reference.trainStep(batch, keys[i]));
  }
  expect(await made.parameters()).toEqual(await reference.parameters());
  expect(given.map((randomness) => 'corrupted' in randomness)).toEqual([false, true, true, true]);
});

it('leaves what was prepared and is not taken', async () => {
  const { made, given } = await ahead();
  const reference = await plain();
  made.prepare?.(batches[0], keys[1]);
  expect(await made.trainStep(batches[0], keys[0])).toEqual(await reference.trainStep(batches[0], keys[0]));
  expect(given).toEqual([keys[0]]);
});

it('goes on without the thread where that has ended', async () => {
  const { made, given } = await ahead();
  const run = vi.spyOn(WorkerThread.prototype, 'run');
  made.prepare?.(batches[0], keys[0]);
  await made.trainStep(batches[0], keys[0]);
  for (const thread of run.mock.contexts) (thread as WorkerThread<NoiseTask, NoiseResults>).terminate();
  run.mockRestore();
  made.prepare?.(batches[1], keys[1]);
  expect((await made.trainStep(batches[1], keys[1])).loss).toBeGreaterThan(0);
  expect(given[1]).toBe(keys[1]);
});
