import { corrupt, type Engine, initialGamma } from '@nem/core';
import { deriveKey } from '@nem/random';
import type { Precision } from '../engines/precision.js';
import { type Experiment, engineSpec } from '../experiments/index.js';
import { benchmarkBatch } from './batch.js';
import { trainingOperations } from './operations.js';

/** One training step's cost. */
export interface StepTiming {
  readonly experiment: string;
  readonly engine: string;
  /** Worker threads; absent where the engine has none. */
  readonly workers?: number;
  /** What products are computed in, where it is not float32. */
  readonly precision?: Precision;
  /** The variant of the engine's kernels, where it has several. */
  readonly kernels?: string;
  readonly batchSize: number;
  /** Median, in milliseconds. */
  readonly stepMs: number;
  readonly samplesPerSecond: number;
  /** Of the products as the network is written, 10⁹ a second. */
  readonly gflops: number;
  /** Parts of the step that drawing the batch, and its noise and initial γ, would take; both are drawn ahead, beside the step. */
  readonly dataShare: number;
  readonly noiseShare: number;
  /** Largest resident set of the process, in MiB. */
  readonly peakMemory: number;
}

/** Milliseconds of `steps` calls, after one that does not count. */
export async function times(steps: number, run: (i: number) => unknown): Promise<number[]> {
  await run(0);
  const found: number[] = [];
  for (let i = 1; i <= steps; i++) {
    const began = performance.now();
    await run(i);
    found.push(performance.now() - began);
  }
  return found;
}

/** The middle value; the lower of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] as number;
}

/** Times `steps` training steps of `experiment` on `engine`. */
export async function timeSteps(
  experiment: Experiment,
  engine: Engine,
  workers: number | undefined,
  steps: number,
): Promise<StepTiming> {
  const { batchSize, components, noise, name } = experiment;
  const { dataset, batch, draw } = await benchmarkBatch(experiment);
  const pixels = dataset.height * dataset.width;
  const key = (i: number) => deriveKey(0, 'bench', i);
  const keys = (i: number) => ({ noise: key(i), gamma: key(i) });
  let next = keys(0);
  const step = median(
    await times(steps, async (i) => {
      const done = engine.trainStep(batch, next);
      // As the trainer does.
      next = keys(i + 1);
      engine.prepare?.(batch, next);
      await done;
    }),
  );
  const data = median(await times(3, draw));
  const frame = batch.frames.subarray(0, batchSize * pixels);
  const noisy = new Float32Array(frame.length);
  // More often than the steps: the first ones are not compiled yet.
  const draws = await times(15, (i) => {
    for (let t = 0; t < experiment.steps; t++) corrupt(noise, key(i), frame, noisy, t * frame.length);
    initialGamma(key(i), batchSize, components, pixels);
  });
  return {
    experiment: name,
    engine: engine.name,
    workers,
    batchSize,
    stepMs: step,
    samplesPerSecond: (batchSize / step) * 1000,
    gflops: trainingOperations(engineSpec(experiment), batchSize) / step / 1e6,
    dataShare: data / step,
    noiseShare: median(draws) / (workers ?? 1) / step,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
}
