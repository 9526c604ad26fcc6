import { BatchOrder, type BatchOrderOptions } from './batch-order.js';
import { type Dataset, drawSamples, requireSplit, type Samples, type Split } from './dataset.js';
import { type Names, requireOptions } from './options.js';

/** As those of {@link BatchOrder}; the size is the split's. */
export interface BatchesOptions extends Partial<Omit<BatchOrderOptions, 'size'>> {
  /** Default 64. */
  readonly batchSize?: number;
  /** Of the order. Default 0. */
  readonly seed?: number;
}

const NAMES: Names<BatchesOptions> = { batchSize: true, seed: true, epoch: true, shuffle: true, dropLast: true };

/** Samples that are computed together, in arrays of their own. */
export interface Batch extends Samples {
  /** Numbers of the samples in their split. */
  readonly indices: Uint32Array;
}

/**
 * The batches of one epoch, for `for` as well as `for await`: each is drawn when it is asked for.
 * @throws DatasetError for an unknown split, an unknown option and one out of range, at once
 */
export function batches(dataset: Dataset, split: Split, options: BatchesOptions = {}): IterableIterator<Batch> {
  requireSplit(split);
  requireOptions(options, 'batches', NAMES);
  const { batchSize = 64, seed = 0, ...others } = options;
  const order = new BatchOrder({ size: dataset.sizes[split], batchSize, seed, ...others });
  return drawn(dataset, split, order);
}

function* drawn(dataset: Dataset, split: Split, order: BatchOrder): IterableIterator<Batch> {
  for (let batch = 0; batch < order.length; batch++) {
    const indices = order.indices(batch);
    yield { indices, ...drawSamples(dataset, split, indices) };
  }
}
