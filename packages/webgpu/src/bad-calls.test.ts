import { DisposedError, InputError } from '@nem/core';
import { deriveKey } from '@nem/random';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureCeilings } from './ceilings/ceilings.js';
import { nullAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { frames, small } from './engine.fixture.js';
import { compile } from './engine.js';
import { adam } from './kernels/adam.js';

const keys = { noise: deriveKey(3, 'noise'), gamma: deriveKey(3, 'gamma') };
const batch = { frames: frames(small(), 2), batch: 2 };

let device: GPUDevice;
beforeAll(async () => {
  device = await (await nullAdapter()).requestDevice();
});
afterAll(() => device.destroy());

it('frames and arguments that it cannot take are reported in one sentence, and so is a call after dispose()', async () => {
  const engine = await compile(device, small());
  const infer = engine.infer as (...args: unknown[]) => Promise<unknown>;
  for (const value of [255, Number.NaN, -0.5]) {
    const wrong = { ...batch, frames: batch.frames.with(5, value) };
    const sentence = `the frames have the pixel ${value} at index 5: give values from 0 to 1, e.g. bytes divided by 255.`;
    await expect(engine.trainStep(wrong, keys)).rejects.toThrow(sentence);
    await expect(engine.gradients(wrong, keys)).rejects.toThrow(InputError);
    await expect(infer(wrong, keys)).rejects.toThrow(InputError);
  }
  await expect(infer(batch)).rejects.toThrow('the randomness is missing: give the keys');
  await expect(infer()).rejects.toThrow('the batch is missing: give');
  await expect(infer({ ...batch, frames: [...batch.frames] }, keys)).rejects.toThrow('the frames are a list: give');
  await expect(infer(batch, keys)).resolves.toBeDefined();
  engine.dispose();
  engine.dispose();
  await expect(engine.trainStep(batch, keys)).rejects.toThrow(DisposedError);
  await expect(engine.plan(2)).rejects.toThrow("the engine 'webgpu' has been disposed of: create another one.");
  expect(() => engine.setParameters({})).toThrow(DisposedError);
});

it('no device, no specification and an unknown field are reported in one sentence', async () => {
  await expect(compile(undefined as never, small())).rejects.toThrow(InputError);
  await expect(compile(device, undefined as never)).rejects.toThrow("the engine's specification is missing: give");
  await expect(compile(device, { ...small(), batches: 2 } as never)).rejects.toThrow("has the unknown field 'batches'");
  await expect(compile({} as never, small())).rejects.toThrow('the device is an object, not a WebGPU device: get one');
  await expect(requestDevice(null as never)).rejects.toThrow('the adapter is null, not a WebGPU adapter: await one');
  await expect(measureCeilings(undefined as never)).rejects.toThrow(InputError);
});

it('arrays in shared memory are taken as others are', async () => {
  const shared = (values: Float32Array) => {
    const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
    copy.set(values);
    return copy;
  };
  const engine = await compile(device, small());
  // Not black or white: those are packed.
  const frames = shared(batch.frames.map(() => 0.5));
  await expect(engine.infer({ ...batch, frames }, keys)).resolves.toHaveProperty('loss');
  const given = { corrupted: shared(batch.frames), gamma0: shared(new Float32Array(2 * 3 * 5 * 6)) };
  await expect(engine.infer(batch, given)).resolves.toHaveProperty('loss');
  engine.dispose();
});

it('a batch, an option or a shard that it cannot take is reported in one sentence', async () => {
  const engine = await compile(device, small());
  for (const wrong of [0, 1.5, Number.NaN, '2'] as number[]) {
    const sentence = /^the batch is .*: give an integer of at least 1\.$/;
    await expect(engine.plan(wrong)).rejects.toThrow(sentence);
    await expect(compile(device, { ...small(), batch: wrong })).rejects.toThrow(sentence);
  }
  await expect(engine.plan(2, { still: 0 as never })).rejects.toThrow('still is 0: give true or false.');
  await expect(compile(device, { ...small(), still: 'yes' as never })).rejects.toThrow("still is 'yes': give true");
  await expect(compile(device, { ...small(), subgroups: 1 as never })).rejects.toThrow('subgroups is 1: give true');
  await expect(compile(device, { ...small(), key: 7 as never })).rejects.toThrow('the key is 7: give one of deriveKey');
  const shard = { ...batch, shard: { first: 0, of: 4 } };
  for (const call of [engine.trainStep, engine.gradients, engine.infer, engine.profile]) {
    await expect(call(shard, keys)).rejects.toThrow('the batch is a shard of 4 sequences');
    await expect(call(shard, keys)).rejects.toThrow(InputError);
  }
  // All of a batch is one.
  await expect(engine.infer({ ...batch, shard: { first: 0, of: 2 } }, keys)).resolves.toHaveProperty('loss');
  engine.dispose();
});

it('numbers of the optimizer and the objective that float32 does not have', async () => {
  const compiled = (over: object) => compile(device, { ...small(over), batch: 2 });
  (await compiled({ optimizer: { clipNorm: 1e300, epsilon: 1e-50 } })).dispose();
  const objective = { ...small().objective, interWeight: 1e300 };
  await expect(compiled({ objective })).rejects.toThrow(
    new InputError(
      "the specification leads to the number 1e+300, too large for a GPU's float32: bring its numbers nearer to 1.",
    ),
  );
  expect(adam(4, { epsilon: 1e-50 }).code).toContain(' + 1.1754943508222875e-38f)');
});
