import type { FrameBatch } from '@nem/core';
import { type Dataset, drawSamples } from '@nem/datasets';
import { toBatch } from '../engines/inputs.js';
import { createDataset, type Experiment } from '../experiments/index.js';

/** What a benchmark trains on: a batch of the first training samples, and how to draw them again. */
interface BenchmarkBatch {
  readonly dataset: Dataset;
  readonly batch: FrameBatch;
  draw(): unknown;
}

export async function benchmarkBatch(experiment: Experiment): Promise<BenchmarkBatch> {
  const dataset = await createDataset(experiment, 0);
  const indices = Uint32Array.from({ length: experiment.batchSize }, (_, i) => i % dataset.sizes.training);
  const draw = () => drawSamples(dataset, 'training', indices);
  return { dataset, batch: toBatch(draw()), draw };
}
