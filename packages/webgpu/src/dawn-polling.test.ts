import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { create } from 'webgpu';
import { pauseDawnPolling } from './dawn-polling.js';
import { BUFFER_USAGE } from './plan/buffers.js';

const turns = vi.fn(globalThis.setImmediate);
globalThis.setImmediate = Object.assign(turns, globalThis.setImmediate) as unknown as typeof setImmediate;

/** Dawn's null backend, without the fixture, which pauses Dawn's polling. Devices die with it. */
const dawn = create(['backend=null']);
async function newDevice(): Promise<GPUDevice> {
  const adapter = await dawn.requestAdapter();
  return (adapter as GPUAdapter).requestDevice();
}

it('while Dawn is awaited nothing asks for the next turn of the event loop, and the result still comes', async () => {
  const before = await newDevice();
  // Where this fails, Dawn does not poll any more, and pauseDawnPolling has become needless.
  expect(turns).toHaveBeenCalled();
  before.destroy();

  pauseDawnPolling();
  turns.mockClear();
  const device = await newDevice();
  const buffer = device.createBuffer({ size: 16, usage: BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST });
  await buffer.mapAsync(1);
  expect(buffer.getMappedRange().byteLength).toBe(16);
  expect(turns).not.toHaveBeenCalled();
  device.destroy();
});

it('every other function is called in the next turn, with its arguments', async () => {
  pauseDawnPolling();
  turns.mockClear();
  const resolved = await new Promise((resolve) => setImmediate(resolve, 1));
  const bound = await new Promise((resolve) => setImmediate(resolve.bind(undefined), 2));
  const made = await new Promise((resolve) => setImmediate((x: unknown) => resolve(x), 3));
  expect([resolved, bound, made]).toEqual([1, 2, 3]);
  expect(turns).toHaveBeenCalledTimes(3);
  expect(await promisify(setImmediate)(4)).toBe(4);
});
