import { DisposedError } from '@nem/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followBuffers, nullAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { frames, key, randomness, small } from './engine.fixture.js';
import { compile } from './engine.js';
import type { WebGpuEngine } from './spec.js';

const batchOf = (batch: number) => ({ frames: frames(small(), batch), batch });
/** Lets what is under way go on for a while. */
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Dawn's null device, which checks every call and computes nothing. */
let device: GPUDevice;
/** The buffers that are not destroyed yet. */
let live: Set<GPUBuffer>;
beforeEach(async () => {
  device = await requestDevice(await nullAdapter());
  ({ live } = followBuffers(device));
  device.pushErrorScope('validation');
});
afterEach(async () => {
  expect(await device.popErrorScope()).toBeNull();
  device.destroy();
});

/** Asks for everything that an engine gives by promises. */
const callsOf = (engine: WebGpuEngine) => [
  engine.trainStep(batchOf(2), randomness),
  engine.gradients(batchOf(3), randomness),
  engine.infer(batchOf(4), randomness),
  engine.profile(batchOf(2), randomness),
  engine.plan(5),
  engine.parameters(),
  engine.optimizerState(),
];

it('calls that wait when the engine is disposed of are rejected, and nothing of them stays', async () => {
  const engine = await compile(device, { ...small(), key });
  const parameters = await engine.parameters();
  const calls = Promise.allSettled(callsOf(engine));
  engine.setParameters(parameters);
  engine.dispose();
  for (const result of await calls) expect(result).toMatchObject({ reason: expect.any(DisposedError) });
  await pause(20);
  expect(live.size).toBe(0);
});

it.each([0, 1, 2, 4, 8])('so are those under way %s ms later, unless their commands are submitted', async (after) => {
  const engine = await compile(device, { ...small(), key });
  const calls = Promise.allSettled(callsOf(engine));
  await pause(after);
  engine.dispose();
  for (const result of await calls) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DisposedError);
  }
  await pause(20);
  expect(live.size).toBe(0);
});

it('an optimizer state is of one moment: a step that is asked for later is not in it', async () => {
  const engine = await compile(device, { ...small(), key, batch: 2 });
  const rounds = [0, 1, 2].map(() => ({
    state: engine.optimizerState(),
    step: engine.trainStep(batchOf(2), randomness),
  }));
  for (const [updates, { state, step }] of rounds.entries()) {
    expect((await state).updates).toBe(updates);
    await step;
  }
  engine.dispose();
});

it('the plans of few batches are kept, and a training plan takes the place of an inference plan', async () => {
  const engine = await compile(device, { ...small(), key });
  const count = async (work: () => Promise<unknown>) => {
    await work();
    return live.size;
  };
  const none = live.size;
  const inference = (await count(() => engine.infer(batchOf(1), randomness))) - none - 1;
  const training = await count(() => engine.trainStep(batchOf(1), randomness));
  const one = training - none - 1;
  expect(one).toBeGreaterThan(inference);
  await engine.infer(batchOf(1), randomness);
  expect(live.size).toBe(training);
  for (let batch = 2; batch < 7; batch++) await engine.trainStep(batchOf(batch), randomness);
  expect(live.size).toBe(training + one);
  // Not awaited in between: a plan makes room while the commands of its last step are on the device.
  await Promise.all([7, 8, 9, 7, 8, 9].map((batch) => engine.trainStep(batchOf(batch), randomness)));
  expect(live.size - 6).toBeLessThanOrEqual(training + one);
  for (let batch = 10; batch < 14; batch++) await engine.infer(batchOf(batch), randomness);
  const four = live.size;
  for (let batch = 14; batch < 20; batch++) await engine.infer(batchOf(batch), randomness);
  expect(live.size).toBeLessThan(four + inference);
  engine.dispose();
  expect(live.size).toBe(0);
});
