import { tableOf } from './contingency-counter.js';
import type { ContingencyTable } from './contingency-table.js';
import { entropyOfSizes } from './entropy.js';
import { MetricInputError } from './errors.js';
import { describe, type Labels, type PairOptions } from './labels.js';
import { mutualInformation } from './mutual-information.js';

/** Options of {@link vMeasureScore} and {@link homogeneityCompletenessVMeasure}. */
export interface VMeasureOptions extends PairOptions {
  /** Weight of completeness against homogeneity: above 1 completeness counts more. At least 0; default 1. */
  beta?: number | undefined;
}

/** The result of {@link homogeneityCompletenessVMeasure}. */
export interface HomogeneityCompletenessVMeasure {
  homogeneity: number;
  completeness: number;
  vMeasure: number;
}

/**
 * Homogeneity, completeness and V-measure (Rosenberg and Hirschberg 2007) from one count: h = MI / H(true),
 * c = MI / H(pred), v = (1 + β) h c / (β h + c).
 *
 * As in scikit-learn, a labeling of one cluster has h or c 1, and no samples have all three 1.
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns three numbers from 0 to 1
 * @throws MetricInputError for labels that are not integers, for different lengths and for a `beta` that is negative or
 * not finite
 */
export function homogeneityCompletenessVMeasure(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: VMeasureOptions = {},
): HomogeneityCompletenessVMeasure {
  return measure(tableOf(labelsTrue, labelsPred, options, 'beta'), options.beta);
}

function measure(table: ContingencyTable, wanted?: number): HomogeneityCompletenessVMeasure {
  const beta = betaOf(wanted);
  const information = mutualInformation(table);
  const homogeneity = share(information, entropyOfSizes(table.rowSums, table.rows, table.total));
  const completeness = share(information, entropyOfSizes(table.columnSums, table.columns, table.total));
  const denominator = beta * homogeneity + completeness;
  const vMeasure = denominator === 0 ? 0 : ((1 + beta) * homogeneity * completeness) / denominator;
  return { homogeneity, completeness, vMeasure };
}

/** The share of an entropy that is explained; 1 where there is nothing to explain. */
function share(information: number, entropy: number): number {
  return entropy > 0 ? Math.min(1, information / entropy) : 1;
}

function betaOf(beta = 1): number {
  if (Number.isFinite(beta) && beta >= 0) return beta;
  throw new MetricInputError('beta', `beta is ${describe(beta)}, but it must be a finite number of at least 0.`);
}

/**
 * Homogeneity: the share of the true classes' entropy that the clusters explain, MI / H(true). 1 where every cluster
 * holds samples of one class only.
 *
 * @returns a number from 0 to 1
 * @throws MetricInputError for labels that are not integers and for different lengths
 */
export function homogeneityScore(labelsTrue: Labels, labelsPred: Labels, options?: PairOptions): number {
  return measure(tableOf(labelsTrue, labelsPred, options)).homogeneity;
}

/**
 * Completeness: the share of the clusters' entropy that the true classes explain, MI / H(pred). 1 where every class lies
 * in one cluster only.
 *
 * @returns a number from 0 to 1
 * @throws MetricInputError for labels that are not integers and for different lengths
 */
export function completenessScore(labelsTrue: Labels, labelsPred: Labels, options?: PairOptions): number {
  return measure(tableOf(labelsTrue, labelsPred, options)).completeness;
}

/**
 * V-measure: the weighted harmonic mean of homogeneity and completeness, (1 + β) h c / (β h + c).
 *
 * @returns a number from 0 to 1
 * @throws MetricInputError for labels that are not integers, for different lengths and for a `beta` that is negative or
 * not finite
 */
export function vMeasureScore(labelsTrue: Labels, labelsPred: Labels, options?: VMeasureOptions): number {
  return homogeneityCompletenessVMeasure(labelsTrue, labelsPred, options).vMeasure;
}
