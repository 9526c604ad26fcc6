import { type Check, finite, kind, notNegative, object, optional, positive } from './spec-check.js';

/**
 * A learning rate that rises from 0 to its peak along a line, and then falls along half a cosine (Loshchilov and Hutter 2017,
 * https://arxiv.org/abs/1608.03983, without restarts).
 */
export interface LearningRateSchedule {
  /** The highest rate; above 0. */
  readonly peak: number;
  /** Updates until the peak is reached: update n of them has peak · n / warmUp. Default 0: the first update has the peak. */
  readonly warmUp?: number;
  /** The fall; from it on the rate stays. Default: none */
  readonly decay?: {
    /** The number of the update at which the fall has ended, counted from the start of training; more than warmUp. */
    readonly until: number;
    /** The rate at its end; at least 0. */
    readonly to: number;
  };
}

/** A rate, or a schedule of rates. */
export type LearningRate = number | LearningRateSchedule;

const schedule = object({
  peak: positive,
  warmUp: optional(notNegative),
  decay: optional(object({ until: positive, to: notNegative })),
});

const neither = kind('give a number above 0, or a schedule, e.g. {"peak":0.001,"warmUp":500}.', () => false);

/** The first fault of a learning rate: a number that is not above 0, a schedule whose fall does not end after its rise. */
export const learningRateFault: Check = (value, path = []) => {
  if (typeof value === 'number') return (Number.isFinite(value) ? positive : finite)(value, path);
  if (typeof value !== 'object' || value === null) return neither(value, path);
  const { warmUp = 0, decay } = value as LearningRateSchedule;
  const fault = schedule(value, path);
  if (fault || !decay || decay.until > warmUp) return fault;
  return { path: [...path, 'decay', 'until'], value: decay.until, remedy: `give a number above warmUp, ${warmUp}.` };
};

/** The learning rate of an update. @param update its number, from 1 */
export function learningRateAt(rate: LearningRate, update: number): number {
  if (typeof rate === 'number') return rate;
  const { peak, warmUp = 0, decay } = rate;
  if (update < warmUp) return (peak * update) / warmUp;
  if (!decay) return peak;
  const { until, to } = decay;
  const gone = Math.min(1, (update - warmUp) / (until - warmUp));
  return to + (peak - to) * 0.5 * (1 + Math.cos(Math.PI * gone));
}
