import { CompensatedSum } from './compensated-sum.js';
import { tableOf } from './contingency-counter.js';
import type { ContingencyTable } from './contingency-table.js';
import type { Labels, PairOptions } from './labels.js';
import { logRatio } from './logarithm.js';

/**
 * The mutual information of two labelings in nats: Σ n_ij/n · log(n · n_ij / (a_i · b_j)) over the contingency matrix
 * n_ij with row sums a_i and column sums b_j.
 *
 * 0 for no samples (where scikit-learn fails).
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns a number from 0 (independent) to the smaller of the two entropies
 * @throws MetricInputError for labels that are not integers and for different lengths
 */
export function mutualInfoScore(labelsTrue: Labels, labelsPred: Labels, options?: PairOptions): number {
  return mutualInformation(tableOf(labelsTrue, labelsPred, options));
}

const sum = new CompensatedSum();

/** The mutual information of a counted pair of labelings, in nats. */
export function mutualInformation(table: ContingencyTable): number {
  const { total, cells, cellRow, cellColumn, cellCount, rowSums, columnSums } = table;
  if (total === 0) return 0;
  sum.reset();
  for (let i = 0; i < cells; i++) {
    const count = cellCount[i]!;
    // Both products are integers, exact up to some 9.5e7 samples (√(2⁵³)): independent labelings then give exactly 0.
    sum.add(count * logRatio(count * total, rowSums[cellRow[i]!]! * columnSums[cellColumn[i]!]!));
  }
  return Math.max(0, sum.value / total);
}
