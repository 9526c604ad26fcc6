import type { KernelProfile } from '@nem/core';
import { deriveKey } from '@nem/random';
import type { ProfiledEngine, Speeds } from '../engines/profiler.js';
import type { Experiment } from '../experiments/index.js';
import { benchmarkBatch } from './batch.js';
import { median, times } from './step.js';

/** One kernel's part of a training step. */
export interface KernelRow extends KernelProfile {
  /** Of the time of all kernels. */
  readonly share: number;
  /** Of matrix products, 10⁹ a second; element-wise work is not counted. */
  readonly gflops: number;
  /** 10⁹ bytes a second, of those that the kernel moves at least. */
  readonly gigabytesPerSecond: number;
  /** What the device allows at best: its product for the kernel's operations, its copy for the kernel's bytes; the longer of the two. */
  readonly leastMs: number;
  readonly ceiling: Ceiling;
  /** `leastMs` over the time taken. Above 1 e.g. where what it reads was in a cache, which the copy's was not. */
  readonly reached: number;
}

/** Which of the device's ceilings is the nearer one. */
export type Ceiling = 'product' | 'copy';

/** A whole training step, beside the sum of its kernels. */
export interface StepRow {
  readonly launches: number;
  /** Sum over the kernels, each timed apart. */
  readonly kernelMs: number;
  /** Wall time of a step that is waited for, its data drawn before; the median. */
  readonly stepMs: number;
  /** Wall time of each of several steps of which as many are under way as in training. */
  readonly inFlightMs: number;
  readonly leastMs: number;
  readonly reached: number;
}

/** A training step's profile. */
export interface StepProfile {
  readonly kernels: readonly KernelRow[];
  readonly step: StepRow;
}

/** Per 10⁹ a second, from milliseconds; 0 where no time passed on the device's clock. */
export const rate = (count: number, milliseconds: number) => (milliseconds > 0 ? count / milliseconds / 1e6 : 0);

const part = (some: number, of: number) => (of > 0 ? some / of : 0);

const keyOf = ({ kernel, detail }: KernelProfile) => JSON.stringify([kernel, detail]);

/** Each kernel's median time over several profiles of the same step, the longest first. */
export function medianProfile(profiles: readonly (readonly KernelProfile[])[]): KernelProfile[] {
  const found = new Map<string, number[]>();
  for (const row of profiles.flat()) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row.milliseconds]);
  return (profiles[0] ?? [])
    .map((row) => ({ ...row, milliseconds: median(found.get(keyOf(row)) as number[]) }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Kernels' times beside what the device was measured to do at best. */
export function besideCeilings(profile: readonly KernelProfile[], { copy, product }: Speeds): KernelRow[] {
  const total = profile.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return profile.map((row) => {
    const [operations, bytes] = [row.operations / product.operationsPerSecond, row.bytes / copy.bytesPerSecond];
    const leastMs = 1e3 * Math.max(operations, bytes);
    return {
      ...row,
      share: part(row.milliseconds, total),
      gflops: rate(row.operations, row.milliseconds),
      gigabytesPerSecond: rate(row.bytes, row.milliseconds),
      leastMs,
      ceiling: operations > bytes ? 'product' : 'copy',
      reached: part(leastMs, row.milliseconds),
    };
  });
}

/** Milliseconds a step of `steps` in a row, as many of them under way at a time as in training; one more before does not count. */
async function inFlight(engine: ProfiledEngine, steps: number, run: (i: number) => Promise<unknown>): Promise<number> {
  await run(0);
  const running: Promise<unknown>[] = [];
  const began = performance.now();
  for (let i = 1; i <= steps; i++) {
    running.push(run(i));
    if (running.length >= (engine.stepsInFlight ?? 1)) await running.shift();
  }
  await Promise.all(running);
  return (performance.now() - began) / steps;
}

/**
 * Profiles `steps` training steps of `experiment`, after one that does not count; then times as many whole.
 * @param pause waited for after each step; what it throws ends the profile
 */
export async function profileStep(
  experiment: Experiment,
  engine: ProfiledEngine,
  ceilings: Speeds,
  steps: number,
  pause: () => Promise<void>,
): Promise<StepProfile> {
  const { batch } = await benchmarkBatch(experiment);
  const profiles: (readonly KernelProfile[])[] = [];
  const keys = (i: number) => ({ noise: deriveKey(0, 'bench', i), gamma: deriveKey(0, 'bench', i) });
  for (let i = 0; i <= steps; i++) {
    profiles.push(await engine.profile(batch, keys(i)));
    await pause();
  }
  const kernels = besideCeilings(medianProfile(profiles.slice(1)), ceilings);
  const run = (i: number) => engine.trainStep(batch, keys(i));
  const stepMs = median(await times(steps, run));
  await pause();
  const sum = (pick: (row: KernelRow) => number) => kernels.reduce((total, row) => total + pick(row), 0);
  const [kernelMs, leastMs] = [sum((row) => row.milliseconds), sum((row) => row.leastMs)];
  return {
    kernels,
    step: {
      launches: sum((row) => row.launches),
      kernelMs,
      stepMs,
      inFlightMs: await inFlight(engine, steps, run),
      leastMs,
      reached: part(leastMs, kernelMs),
    },
  };
}
