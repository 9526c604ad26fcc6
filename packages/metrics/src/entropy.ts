import { CompensatedSum } from './compensated-sum.js';
import { LabelRanks } from './label-ranks.js';
import { invalidLabel, type Labels, labelNumbers } from './labels.js';
import { logRatio } from './logarithm.js';

/**
 * The entropy of a labeling in nats: −Σ p log p over its clusters' shares p of the samples.
 *
 * As in scikit-learn, the entropy of no labels is 1.
 *
 * @param labels cluster of each sample
 * @returns a number from 0 (one cluster) to log(samples) (every sample alone)
 * @throws MetricInputError for labels that are not integers
 */
export function entropy(labels: Labels): number {
  const numbers = labelNumbers(labels, 'labels');
  if (numbers.length === 0) return 1;
  const sizes = clusterSizes(numbers);
  return entropyOfSizes(sizes, sizes.length, numbers.length);
}

function clusterSizes(labels: ArrayLike<number>): Int32Array {
  const values = new Float64Array(labels.length);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isSafeInteger(label)) throw invalidLabel('labels', i, label);
    values[i] = label;
    if (label < min) min = label;
    if (label > max) max = label;
  }
  const ranks = new LabelRanks();
  ranks.rank(values, values.length, min, max);
  const sizes = new Int32Array(ranks.distinct);
  for (let i = 0; i < values.length; i++) sizes[ranks.ranks[i]!]!++;
  return sizes;
}

const sum = new CompensatedSum();

/** The entropy in nats of a partition of `total` samples into `clusters` clusters of the given sizes. */
export function entropyOfSizes(sizes: Int32Array, clusters: number, total: number): number {
  sum.reset();
  for (let i = 0; i < clusters; i++) sum.add(sizes[i]! * logRatio(total, sizes[i]!));
  return total === 0 ? 0 : sum.value / total;
}
