import { type FrameBatch, InputError, requireCount, requireFlag, requireKey, shownOrMissing } from '@nem/core';
import type { Adapter, Device } from './gpu-types.js';
import type { CompileSpec } from './spec.js';

/** @throws InputError for what is not an adapter */
export function requireAdapter(adapter: Adapter): void {
  if (typeof (adapter as Partial<GPUAdapter> | null | undefined)?.requestDevice === 'function') return;
  throw new InputError(
    `the adapter is ${shownOrMissing(adapter)}, not a WebGPU adapter: await one from navigator.gpu.requestAdapter(), which gives null where there is no GPU.`,
  );
}

/** @throws InputError for what is not a device */
export function requireDevice(device: Device): void {
  if (typeof (device as Partial<GPUDevice> | null | undefined)?.createBuffer === 'function') return;
  throw new InputError(`the device is ${shownOrMissing(device)}, not a WebGPU device: get one from requestDevice().`);
}

/** @throws InputError for a batch or an option of {@link WebGpuEngine.plan} that it cannot take */
export function requirePlan(batch: number, still: boolean | undefined): void {
  requireCount('the batch', batch);
  if (still !== undefined) requireFlag('still', still);
}

/** @throws InputError for the fields of {@link CompileSpec} beside those of EngineSpec; `products` is checked where it is looked up */
export function requireCompileFields({ key, batch, still, subgroups }: CompileSpec): void {
  if (key !== undefined) requireKey(key);
  if (batch !== undefined) requireCount('the batch', batch);
  for (const [what, flag] of Object.entries({ still, subgroups })) if (flag !== undefined) requireFlag(what, flag);
}

/** @throws InputError for a shard: this engine would draw other noise for it, and divide its losses by its own rows */
export function requireWhole({ batch, shard }: FrameBatch): void {
  if (shard === undefined || shard.of === batch) return;
  throw new InputError(
    `the batch is a shard of ${shownOrMissing(shard.of)} sequences, which the engine 'webgpu' does not compute: give the whole batch.`,
  );
}
