import { tableOf } from './contingency-counter.js';
import type { ContingencyTable } from './contingency-table.js';
import type { Labels, PairOptions } from './labels.js';
import { allPairs, pairsInColumns, pairsInRows, pairsTogether } from './pair-confusion.js';

/**
 * Rand index: the share of pairs of samples on which the labelings agree, both joining or both separating the two. Not
 * adjusted for chance.
 *
 * As in scikit-learn, 1 where there is no pair.
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns a number from 0 to 1
 * @throws MetricInputError for labels that are not integers and for different lengths
 */
export function randScore(labelsTrue: Labels, labelsPred: Labels, options?: PairOptions): number {
  const table = tableOf(labelsTrue, labelsPred, options);
  const pairs = allPairs(table);
  if (pairs === 0) return 1;
  const disagreements = pairsInRows(table) + pairsInColumns(table) - 2 * pairsTogether(table);
  return (pairs - disagreements) / pairs;
}

/**
 * Rand index adjusted for chance (Hubert and Arabie 1985): 1 for identical partitions, about 0 for unrelated ones.
 *
 * As in scikit-learn, 1 for no samples.
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns a number from −0.5 to 1
 * @throws MetricInputError for labels that are not integers and for different lengths
 */
export function adjustedRandScore(labelsTrue: Labels, labelsPred: Labels, options?: PairOptions): number {
  return adjustedRand(tableOf(labelsTrue, labelsPred, options));
}

/** The adjusted Rand index of a counted pair of labelings. */
export function adjustedRand(table: ContingencyTable): number {
  const together = pairsTogether(table);
  const onlyClass = pairsInRows(table) - together;
  const onlyCluster = pairsInColumns(table) - together;
  if (onlyClass === 0 && onlyCluster === 0) return 1;
  const apart = allPairs(table) - together - onlyClass - onlyCluster;
  const agreement = 2 * (together * apart - onlyClass * onlyCluster);
  return agreement / ((together + onlyClass) * (onlyClass + apart) + (together + onlyCluster) * (onlyCluster + apart));
}
