import { invalidLabel } from './labels.js';

/** The samples to count: `length` labels of each labeling, from a start in each array. */
export interface LabelPair {
  labelsTrue: ArrayLike<number>;
  trueStart: number;
  labelsPred: ArrayLike<number>;
  predStart: number;
  length: number;
  /** Samples with this true label are dropped; NaN drops none. */
  ignore: number;
}

/** Lowest and highest label of the samples that count; all 0 where none does. */
export interface LabelRange {
  minTrue: number;
  maxTrue: number;
  minPred: number;
  maxPred: number;
  /** Samples that count. */
  total: number;
}

/**
 * Checks every label and finds the range of those that count.
 *
 * @throws MetricInputError for a label that is not an integer, also in a dropped sample
 */
export function scanLabels(pair: LabelPair, range: LabelRange): void {
  const { labelsTrue, trueStart, labelsPred, predStart, length, ignore } = pair;
  let total = 0;
  let minTrue = 0;
  let maxTrue = 0;
  let minPred = 0;
  let maxPred = 0;
  for (let i = 0; i < length; i++) {
    const label = labelsTrue[trueStart + i]!;
    const cluster = labelsPred[predStart + i]!;
    if (!Number.isSafeInteger(label)) throw invalidLabel('labelsTrue', trueStart + i, label);
    if (!Number.isSafeInteger(cluster)) throw invalidLabel('labelsPred', predStart + i, cluster);
    if (label === ignore) continue;
    if (total++ === 0) {
      minTrue = maxTrue = label;
      minPred = maxPred = cluster;
    }
    minTrue = Math.min(minTrue, label);
    maxTrue = Math.max(maxTrue, label);
    minPred = Math.min(minPred, cluster);
    maxPred = Math.max(maxPred, cluster);
  }
  range.total = total;
  range.minTrue = minTrue;
  range.maxTrue = maxTrue;
  range.minPred = minPred;
  range.maxPred = maxPred;
}
