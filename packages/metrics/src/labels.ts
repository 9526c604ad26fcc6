import { MetricInputError } from './errors.js';

/**
 * One integer label for each sample, in a plain array or any typed array. A label is only a name: it may be negative,
 * labels may have gaps, and the largest are ±(2^53 − 1).
 */
export type Labels = ArrayLike<number> | BigInt64Array | BigUint64Array;

/** An option of every score of two labelings. */
export interface PairOptions {
  /**
   * Positions whose **true** label is this integer are dropped before scoring, e.g. 0 for the background and the
   * overlap of a perceptual-grouping dataset. Default: every position counts.
   */
  ignoreLabel?: number | undefined;
}

/**
 * The labels as numbers that can be indexed: 64-bit integers converted, everything else as it is.
 *
 * @throws MetricInputError if `labels` is not an array or holds a 64-bit integer that a number cannot hold
 */
export function labelNumbers(labels: Labels, name: string): ArrayLike<number> {
  if (labels instanceof BigInt64Array || labels instanceof BigUint64Array) {
    return Float64Array.from(labels, (label, position) => {
      const value = Number(label);
      if (!Number.isSafeInteger(value)) throw invalidLabel(name, position, label);
      return value;
    });
  }
  if (typeof labels !== 'object' || labels === null || !Number.isSafeInteger(labels.length) || labels.length < 0) {
    throw new MetricInputError(
      name,
      `${name} is ${describe(labels)}, but labels come as an array or typed array of integers; pass one label for each sample.`,
    );
  }
  return labels;
}

/** @throws MetricInputError unless both labelings have one label for each sample */
export function requireSameLength(labelsTrue: ArrayLike<number>, labelsPred: ArrayLike<number>): void {
  if (labelsTrue.length === labelsPred.length) return;
  throw new MetricInputError(
    'labelsPred',
    `labelsTrue has ${labelsTrue.length} labels but labelsPred has ${labelsPred.length}; pass two labelings of the same samples.`,
  );
}

/**
 * `ignoreLabel` as the counting loops take it: NaN, which equals no label, where nothing is dropped.
 *
 * @throws MetricInputError if it is given and not an integer
 */
export function ignoredLabel(ignoreLabel: number | undefined): number {
  if (ignoreLabel === undefined) return Number.NaN;
  if (Number.isSafeInteger(ignoreLabel)) return ignoreLabel;
  throw new MetricInputError(
    'ignoreLabel',
    `ignoreLabel is ${describe(ignoreLabel)}, but labels are integers; pass an integer, or leave it out to score every position.`,
  );
}

/** The error for one label that is not an integer. */
export function invalidLabel(name: string, position: number, value: unknown): MetricInputError {
  return new MetricInputError(
    name,
    `${name}[${position}] is ${describe(value)}, but labels are integers between -(2^53 - 1) and 2^53 - 1; number the clusters with such integers.`,
  );
}

/** A value as an error message shows it: a string in quotes, cut after 60 characters. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Object(value) === value) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
