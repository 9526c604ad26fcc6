import type { Engine } from '@nem/core';
import { type Dataset, drawSamples, type Split } from '@nem/datasets';
import type { OverviewSample } from '@nem/report';
import { randomness, toBatch } from '../engines/inputs.js';
import type { Experiment } from '../experiments/schema.js';
import { type Names, requireOptions } from '../require-options.js';
import { requireNumber } from '../system/numbers.js';

export interface OverviewSamplesOptions {
  readonly engine: Engine;
  readonly dataset: Dataset;
  /** Of which the number of components and of steps are used. */
  readonly experiment: Pick<Experiment, 'components' | 'steps'>;
  /** Of noise and initial γ, an integer of at least 0. */
  readonly seed: number;
  /** The first so many inputs of the split, an integer of at least 1. */
  readonly count: number;
  /** Default `test`. */
  readonly split?: Split;
}

const NAMES: Names<OverviewSamplesOptions> = {
  engine: true,
  dataset: true,
  experiment: true,
  seed: true,
  count: true,
  split: true,
};

/**
 * Runs a trained network on the first inputs of a split and keeps every step, for the overview picture.
 * @throws UsageError for an unknown option, and for a number that is out of its range
 */
export async function overviewSamples(options: OverviewSamplesOptions): Promise<OverviewSample[]> {
  requireOptions(options, 'overviewSamples', NAMES);
  requireNumber('count', options.count, 'an integer of at least 1');
  requireNumber('seed', options.seed, 'an integer of at least 0');
  const { engine, dataset, seed, count, split = 'test' } = options;
  const { components, steps } = options.experiment;
  const { height, width } = dataset;
  const pixels = height * width;
  const samples = drawSamples(
    dataset,
    split,
    Array.from({ length: count }, (_, i) => i),
  );
  const result = await engine.infer(toBatch(samples), randomness(seed, 'overview', 0), { steps: 'all' });
  /** Rows of `length` values of sample b: one a step, from [steps, batch, length] or, for still images, [1, batch, length]. */
  const pick = <A extends Float32Array | Uint8Array>(source: A, out: A, b: number, length: number): A => {
    const frames = source.length / (count * length);
    for (let t = 0; t < steps; t++) {
      const at = (Math.min(frames === 1 ? 0 : frames - steps + t, frames - 1) * count + b) * length;
      out.set(source.subarray(at, at + length), t * length);
    }
    return out;
  };
  return Array.from({ length: count }, (_, b) => ({
    height,
    width,
    steps,
    components,
    inputs: pick(result.corrupted, new Float32Array(steps * pixels), b, pixels),
    targets: pick(samples.features, new Float32Array(steps * pixels), b, pixels),
    groups: pick(samples.groups, new Uint8Array(steps * pixels), b, pixels),
    gamma: pick(result.gamma, new Float32Array(steps * components * pixels), b, components * pixels),
    predictions: pick(result.predictions, new Float32Array(steps * components * pixels), b, components * pixels),
  }));
}
