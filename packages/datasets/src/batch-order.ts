import { deriveKey, permutation } from '@nem/random';
import { DatasetError } from './dataset.js';
import { type Names, requireBoolean, requireEpoch, requireOptions, requireSeed } from './options.js';
import { shown } from './shown.js';

export interface BatchOrderOptions {
  /** Number of samples to go through. */
  readonly size: number;
  readonly batchSize: number;
  /** Safe integer, 0 or more. */
  readonly seed: number;
  /** Each epoch has an order of its own, from 0 to 2³² − 1. Default 0. */
  readonly epoch?: number;
  /** Default true; false keeps the order 0, 1, 2 … */
  readonly shuffle?: boolean;
  /** Leaves out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
}

const NAMES: Names<BatchOrderOptions> = {
  size: true,
  batchSize: true,
  seed: true,
  epoch: true,
  shuffle: true,
  dropLast: true,
};

/** The batches of one epoch in a seeded shuffled order, each reachable by its number. */
export class BatchOrder {
  readonly #order: Uint32Array;
  readonly #batchSize: number;
  /** Number of batches. */
  readonly length: number;

  /**
   * @throws DatasetError for a size below 0 or above 2³², a batch size below 1, a seed that is no safe integer of at least 0, an epoch
   * that is no integer from 0 to 2³² − 1, and an unknown option
   */
  constructor(options: BatchOrderOptions) {
    requireOptions(options, 'BatchOrder', NAMES);
    const { size, batchSize, seed, epoch = 0, shuffle = true, dropLast = false } = options;
    requireBoolean('shuffle', shuffle);
    requireBoolean('dropLast', dropLast);
    requireSeed(seed);
    requireEpoch(epoch);
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new DatasetError(`the batch size is ${shown(batchSize)}: give an integer of at least 1.`);
    }
    if (!Number.isInteger(size) || size < 0 || size > 2 ** 32) {
      throw new DatasetError(`the number of samples is ${shown(size)}: give an integer from 0 to 4294967296.`);
    }
    this.#order = shuffle
      ? permutation(deriveKey(seed, 'batch order', epoch), size)
      : Uint32Array.from({ length: size }, (_, i) => i);
    this.#batchSize = batchSize;
    this.length = dropLast ? Math.floor(size / batchSize) : Math.ceil(size / batchSize);
  }

  /**
   * The sample indices of batch `batch`.
   * @throws DatasetError for a batch outside the epoch
   */
  indices(batch: number): Uint32Array {
    if (!Number.isInteger(batch) || batch < 0 || batch >= this.length) {
      throw new DatasetError(`there is no batch ${shown(batch)}: the epoch has ${this.length}.`);
    }
    const start = batch * this.#batchSize;
    return this.#order.subarray(start, start + this.#batchSize);
  }
}
