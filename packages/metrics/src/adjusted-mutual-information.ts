import { type AverageMethod, averageMethodOf, generalizedAverage } from './average.js';
import { tableOf } from './contingency-counter.js';
import type { ContingencyTable } from './contingency-table.js';
import { entropyOfSizes } from './entropy.js';
import { ExpectedMutualInformation } from './expected-mutual-information.js';
import type { Labels, PairOptions } from './labels.js';
import { mutualInformation } from './mutual-information.js';

/** Options of the scores that divide by an average of the two entropies. */
export interface AverageOptions extends PairOptions {
  /** How the two entropies are averaged. Default `arithmetic`, as in scikit-learn. */
  averageMethod?: AverageMethod | undefined;
}

/**
 * Adjusted mutual information: (MI − E[MI]) / (average of the entropies − E[MI]), with the exact expectation
 * {@link expectedMutualInformation} (Vinh, Epps and Bailey 2010). Symmetric; unchanged when labels are renamed.
 *
 * Exactly 1 for identical partitions, also where both are a single cluster or empty. Exactly 0 for other partitions of
 * which one is a single cluster or leaves every sample alone: chance then explains everything. (There scikit-learn
 * divides rounding errors and may return another number.)
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns 1 for identical partitions, about 0 for unrelated ones; below 0 where they agree less than by chance
 * @throws MetricInputError for labels that are not integers, for different lengths and for an unknown `averageMethod`
 */
export function adjustedMutualInfoScore(labelsTrue: Labels, labelsPred: Labels, options: AverageOptions = {}): number {
  const table = tableOf(labelsTrue, labelsPred, options, 'averageMethod');
  const averageMethod = averageMethodOf(options.averageMethod);
  const limit = limitingAdjustedMutualInformation(table);
  if (!Number.isNaN(limit)) return limit;
  const expected = new ExpectedMutualInformation().of(table);
  const entropyTrue = entropyOfSizes(table.rowSums, table.rows, table.total);
  const entropyPred = entropyOfSizes(table.columnSums, table.columns, table.total);
  const bound = generalizedAverage(entropyTrue, entropyPred, averageMethod);
  return (mutualInformation(table) - expected) / (bound - expected);
}

/**
 * The score where it is known without division, under every averaging; NaN elsewhere, where the denominator is above 0
 * under every averaging: the expectation reaches the smaller entropy only where one partition is a single cluster or
 * leaves every sample alone.
 */
export function limitingAdjustedMutualInformation({ rows, columns, cells, total }: ContingencyTable): number {
  // Every class meets one cluster only, and every cluster one class.
  if (cells === rows && cells === columns) return 1;
  return rows === 1 || columns === 1 || rows === total || columns === total ? 0 : Number.NaN;
}
