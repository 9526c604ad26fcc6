import type { AverageOptions } from './adjusted-mutual-information.js';
import { averageMethodOf, generalizedAverage } from './average.js';
import { tableOf } from './contingency-counter.js';
import { entropyOfSizes } from './entropy.js';
import type { Labels } from './labels.js';
import { mutualInformation } from './mutual-information.js';

/**
 * Normalized mutual information: MI / (average of the entropies). Not adjusted for chance. With the arithmetic average
 * it is the V-measure.
 *
 * As in scikit-learn, 1 where both labelings are a single cluster or empty.
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns a number from 0 to 1
 * @throws MetricInputError for labels that are not integers, for different lengths and for an unknown `averageMethod`
 */
export function normalizedMutualInfoScore(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: AverageOptions = {},
): number {
  const table = tableOf(labelsTrue, labelsPred, options, 'averageMethod');
  const averageMethod = averageMethodOf(options.averageMethod);
  if (table.cells <= 1) return 1;
  const information = mutualInformation(table);
  if (information === 0) return 0;
  const entropyTrue = entropyOfSizes(table.rowSums, table.rows, table.total);
  const entropyPred = entropyOfSizes(table.columnSums, table.columns, table.total);
  return Math.min(1, information / generalizedAverage(entropyTrue, entropyPred, averageMethod));
}
