/** The thread that draws noise and initial γ for an engine on the main thread. */
import { workerData } from 'node:worker_threads';
import type { EngineSpec, FrameBatch } from '@nem/core';
import { serveTasks } from '../threads/serve-tasks.js';
import { DrawnInputs, type DrawnRandomness, type NoiseKeys } from './drawn-inputs.js';

/** What is to be drawn. */
export interface NoiseTask {
  readonly type: 'draw';
  readonly batch: FrameBatch;
  readonly keys: NoiseKeys;
  /** Memory that an earlier drawing has come back with. */
  readonly used?: Float32Array | undefined;
}

export interface NoiseResults {
  readonly draw: DrawnRandomness;
}

const spec = workerData as EngineSpec;

serveTasks(({ batch, keys, used }: NoiseTask): DrawnRandomness => {
  const take = (length: number) => (used?.length === length ? used : new Float32Array(length));
  return new DrawnInputs(spec, batch, keys, { take }).finish().randomness;
});
