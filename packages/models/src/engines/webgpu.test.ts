import type { EngineSpec } from '@nem/core';
import { expect, it } from 'vitest';
import { onGpu } from './webgpu.js';

/** WebGPU's objects as far as they are used: an adapter gives one device. */
function standIns(compile: () => unknown) {
  const destroyed: number[] = [];
  let adapters = 0;
  const adapter = async () => {
    const number = adapters++;
    let used = false;
    const requestDevice = async () => {
      if (used) throw new Error('the adapter was used');
      used = true;
      return { destroy: () => void destroyed.push(number) };
    };
    return { requestDevice } as unknown as GPUAdapter;
  };
  const nem = { requestDevice: (found: GPUAdapter) => found.requestDevice(), compile: async () => compile() };
  return { make: onGpu(nem as never, adapter), destroyed };
}

const spec = {} as EngineSpec;

it('has an adapter and a device for every engine, and destroys each device with its engine', async () => {
  const { make, destroyed } = standIns(() => ({ dispose: () => undefined }));
  const engines = [await make(spec), await make(spec), await make(spec)];
  expect(destroyed).toEqual([]);
  engines[1]!.dispose();
  expect(destroyed).toEqual([1]);
});

it('destroys the device of an engine that cannot be compiled', async () => {
  const { make, destroyed } = standIns(() => {
    throw new Error('too large');
  });
  await expect(make(spec)).rejects.toThrow('too large');
  expect(destroyed).toEqual([0]);
});

it('says in one sentence that the GPU is gone', async () => {
  await expect(onGpu({} as never, async () => undefined)(spec)).rejects.toThrow(
    'the GPU is gone: load the model again, or on another engine.',
  );
});
