import { BatchOrder } from '@nem/datasets';

/** The batches of one epoch, each reachable by its number. */
export interface EpochOrder {
  /** Number of batches. */
  readonly length: number;
  /** The training inputs of batch `batch`, from 0. */
  indices(batch: number): Uint32Array;
}

interface EpochOrderOptions {
  /** Number of training inputs. */
  readonly size: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** Inputs of an epoch that goes on where the one before has ended. Default: all inputs, shuffled */
  readonly epochInputs?: number;
}

/** Inputs one after the other, from the last epoch's end on; after the last of all the first again. */
class OnwardOrder implements EpochOrder {
  readonly length: number;
  readonly #size: number;
  readonly #batchSize: number;
  readonly #first: number;

  constructor({ size, batchSize, epoch }: EpochOrderOptions, epochInputs: number) {
    // An epoch has at least one update.
    this.length = Math.max(1, Math.floor(epochInputs / batchSize));
    this.#size = size;
    this.#batchSize = batchSize;
    this.#first = (epoch - 1) * this.length * batchSize;
  }

  indices(batch: number): Uint32Array {
    const start = this.#first + batch * this.#batchSize;
    return Uint32Array.from({ length: this.#batchSize }, (_, i) => (start + i) % this.#size);
  }
}

/** The order of an epoch's training inputs; a last batch that is not full is left out where there is a full one. */
export function epochOrder(options: EpochOrderOptions): EpochOrder {
  const { epochInputs, ...rest } = options;
  if (epochInputs !== undefined) return new OnwardOrder(options, epochInputs);
  return new BatchOrder({ ...rest, dropLast: rest.size >= rest.batchSize });
}
