import { tableOf } from './contingency-counter.js';
import type { Labels, PairOptions } from './labels.js';
import { pairsInColumns, pairsInRows, pairsTogether } from './pair-confusion.js';

/**
 * Fowlkes–Mallows index: the geometric mean of pairwise precision and recall, TP / √((TP + FP)(TP + FN)), where TP
 * counts the pairs of samples that share class and cluster. Not adjusted for chance.
 *
 * As in scikit-learn, 0 where no pair shares both, so also for no samples and where every sample is alone.
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns a number from 0 to 1
 * @throws MetricInputError for labels that are not integers and for different lengths
 */
export function fowlkesMallowsScore(labelsTrue: Labels, labelsPred: Labels, options?: PairOptions): number {
  const table = tableOf(labelsTrue, labelsPred, options);
  const together = pairsTogether(table);
  if (together === 0) return 0;
  return Math.sqrt(together / pairsInRows(table)) * Math.sqrt(together / pairsInColumns(table));
}
