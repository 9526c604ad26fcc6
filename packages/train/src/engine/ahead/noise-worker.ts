/** The thread that draws noise and initial γ for an engine on the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import type { EngineSpec, FrameBatch } from '@nem/core/spec';
import { DrawnInputs, type NoiseKeys } from './drawn-inputs.js';

/** What is to be drawn. */
export interface NoiseTask {
  readonly batch: FrameBatch;
  readonly keys: NoiseKeys;
  /** Memory that an earlier drawing has come back with. */
  readonly used?: Float32Array | undefined;
}

const spec = workerData as EngineSpec;

parentPort?.on('message', ({ batch, keys, used }: NoiseTask) => {
  const take = (length: number) => (used?.length === length ? used : new Float32Array(length));
  const { randomness } = new DrawnInputs(spec, batch, keys, { take }).finish();
  parentPort?.postMessage(randomness, [randomness.corrupted.buffer, randomness.gamma0.buffer] as ArrayBuffer[]);
});
