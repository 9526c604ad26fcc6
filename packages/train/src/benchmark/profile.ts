import { deriveKey } from '@nem/random';
import type { KernelProfile, WebGpuEngine } from '@nem/webgpu';
import type { Experiment } from '../experiments/index.js';
import { benchmarkBatch } from './batch.js';
import { median } from './step.js';

/** One kernel's part of a training step. */
export interface KernelRow extends KernelProfile {
  readonly experiment: string;
  readonly device: string | undefined;
  /** Of the device time of all kernels. */
  readonly share: number;
  /** Of matrix products, 10⁹ a second; element-wise work is not counted. */
  readonly gflops: number;
  /** 10⁹ bytes a second, of those that the kernel moves at least. */
  readonly gigabytesPerSecond: number;
}

/** Per 10⁹ a second, from milliseconds; 0 where no time passed on the device's clock. */
export const rate = (count: number, milliseconds: number) => (milliseconds > 0 ? count / milliseconds / 1e6 : 0);

/** Each kernel's median time over several profiles of the same step, the longest first. */
export function medianProfile(profiles: readonly (readonly KernelProfile[])[]): KernelProfile[] {
  const times = new Map<string, number[]>();
  for (const { kernel, milliseconds } of profiles.flat()) {
    times.set(kernel, [...(times.get(kernel) ?? []), milliseconds]);
  }
  return (profiles[0] ?? [])
    .map((row) => ({ ...row, milliseconds: median(times.get(row.kernel) as number[]) }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/**
 * Profiles `steps` training steps of `experiment`, after one that does not count.
 * @param pause waited for after each step; what it throws ends the profile
 */
export async function profileStep(
  experiment: Experiment,
  engine: WebGpuEngine,
  steps: number,
  pause?: () => Promise<void>,
): Promise<KernelRow[]> {
  const { batch } = await benchmarkBatch(experiment);
  const profiles: KernelProfile[][] = [];
  for (let i = 0; i <= steps; i++) {
    const key = deriveKey(0, 'bench', i);
    profiles.push(await engine.profile(batch, { noise: key, gamma: key }));
    await pause?.();
  }
  const rows = medianProfile(profiles.slice(1));
  const total = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return rows.map((row) => ({
    experiment: experiment.name,
    device: engine.device,
    ...row,
    share: total > 0 ? row.milliseconds / total : 0,
    gflops: rate(row.operations, row.milliseconds),
    gigabytesPerSecond: rate(row.bytes, row.milliseconds),
  }));
}
