export { type AverageOptions, adjustedMutualInfoScore } from './adjusted-mutual-information.js';
export { AVERAGE_METHODS, type AverageMethod } from './average.js';
export {
  type ContingencyMatrixOptions,
  contingencyMatrix,
  type SparseContingencyMatrix,
} from './contingency-matrix.js';
export { entropy } from './entropy.js';
export { MetricInputError } from './errors.js';
export { expectedMutualInformation } from './expected-mutual-information.js';
export { fowlkesMallowsScore } from './fowlkes-mallows.js';
export type { Labels, PairOptions } from './labels.js';
export { mutualInfoScore } from './mutual-information.js';
export { normalizedMutualInfoScore } from './normalized-mutual-information.js';
export { adjustedRandScore, randScore } from './rand.js';
export {
  completenessScore,
  type HomogeneityCompletenessVMeasure,
  homogeneityCompletenessVMeasure,
  homogeneityScore,
  type VMeasureOptions,
  vMeasureScore,
} from './v-measure.js';
