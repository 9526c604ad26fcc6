import { DisposedError, InputError } from '@nem/core';
import { deriveKey } from '@nem/random';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nullAdapter } from './dawn.fixture.js';
import { frames, small } from './engine.fixture.js';
import { compile } from './engine.js';

const keys = { noise: deriveKey(3, 'noise'), gamma: deriveKey(3, 'gamma') };
const batch = { frames: frames(small(), 2), batch: 2 };

let device: GPUDevice;
beforeAll(async () => {
  device = await (await nullAdapter()).requestDevice();
});
afterAll(() => device.destroy());

it('frames and arguments that it cannot take are told by one sentence, and so is a call after dispose()', async () => {
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

it('no device, no specification and an unknown field are told', async () => {
  await expect(compile(undefined as never, small())).rejects.toThrow(InputError);
  await expect(compile(device, undefined as never)).rejects.toThrow("the engine's specification is missing: give");
  await expect(compile(device, { ...small(), batches: 2 } as never)).rejects.toThrow("has the unknown field 'batches'");
});
