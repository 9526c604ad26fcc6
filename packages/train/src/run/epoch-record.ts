import type { EpochScores } from '../scores/record.js';

/** What is known of one epoch of training. */
export interface EpochRecord {
  /** Counted from 1; in the records of a finished run in stages, on from stage to stage. */
  readonly epoch: number;
  /** Of a run in stages: which, from 1; each has data of its own. */
  readonly stage?: number;
  /** Updates of the weights since the start of training; in the records of a finished run in stages, since that of the first. */
  readonly update: number;
  /** Wall-clock seconds that this epoch took. */
  readonly seconds: number;
  /**
   * `loss` is the mean over the epoch's updates, each before its update. The scores are those of the first 256 training inputs
   * at the end of the epoch, so that they compare with the validation's; runs of older versions have none.
   */
  readonly training: Pick<EpochScores, 'loss'> & Partial<EpochScores>;
  readonly validation: EpochScores;
}

/** The training loss of one update. */
export interface UpdateLoss {
  /** Counted from 1 over the whole training. */
  readonly update: number;
  readonly loss: number;
}

/**
 * The epoch of the lowest validation loss, the first of equals; of a run in stages that of its last stage, from which its
 * weights are. Undefined where no validation loss is a number.
 */
export function bestEpoch<E extends Omit<EpochRecord, 'seconds'>>(epochs: readonly E[]): E | undefined {
  let best: E | undefined;
  const stage = epochs.at(-1)?.stage;
  for (const record of epochs) {
    if (record.stage !== stage) continue;
    const { loss } = record.validation;
    if (Number.isFinite(loss) && loss < (best?.validation.loss ?? Number.POSITIVE_INFINITY)) best = record;
  }
  return best;
}
