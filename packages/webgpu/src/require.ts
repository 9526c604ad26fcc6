import { type FrameBatch, InputError } from '@nem/core';
import type { Adapter, Device } from './gpu-types.js';
import { shown } from './shown.js';
import type { CompileSpec } from './spec.js';

/** @throws InputError for what is not an adapter */
export function requireAdapter(adapter: Adapter): void {
  if (typeof (adapter as Partial<GPUAdapter> | null | undefined)?.requestDevice === 'function') return;
  throw new InputError(
    `the adapter is ${shown(adapter)}, not a WebGPU adapter: await one from navigator.gpu.requestAdapter(), which gives null where there is no GPU.`,
  );
}

/** @throws InputError for what is not a device */
export function requireDevice(device: Device): void {
  if (typeof (device as Partial<GPUDevice> | null | undefined)?.createBuffer === 'function') return;
  throw new InputError(`the device is ${shown(device)}, not a WebGPU device: get one from requestDevice().`);
}

/** @throws InputError for a batch or an option of {@link WebGpuEngine.plan} that it cannot take */
export function requirePlan(batch: number, still: boolean | undefined): void {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new InputError(`the batch is ${shown(batch)}: give an integer of at least 1.`);
  }
  requireFlag('still', still);
}

/** @throws InputError for the fields of {@link CompileSpec} beside those of EngineSpec; `products` is checked where it is looked up */
export function requireCompileFields({ key, batch, still, subgroups }: CompileSpec): void {
  const isKey = Array.isArray(key) && key.length === 2 && key.every((word) => word >>> 0 === word);
  if (key !== undefined && !isKey) {
    throw new InputError(`the key is ${shown(key)}: give one of deriveKey(seed, 'parameters'), or leave it out.`);
  }
  if (batch !== undefined) requirePlan(batch, still);
  requireFlag('still', still);
  requireFlag('subgroups', subgroups);
}

function requireFlag(what: string, flag: boolean | undefined): void {
  if (flag === undefined || typeof flag === 'boolean') return;
  throw new InputError(`${what} is ${shown(flag)}: give true or false.`);
}

/** @throws InputError for a shard: this engine would draw other noise for it, and divide its losses by its own rows */
export function requireWhole({ batch, shard }: FrameBatch): void {
  if (shard === undefined || shard.of === batch) return;
  throw new InputError(
    `the batch is a shard of ${shown(shard.of)} sequences, which the engine 'webgpu' does not compute: give the whole batch.`,
  );
}
