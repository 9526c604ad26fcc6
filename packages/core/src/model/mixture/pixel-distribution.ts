import type { Algebra } from '../formulas/algebra.js';
import type { Check } from '../spec-check.js';

/**
 * The formulas of one pixel x given its parameter ψ, with the derivatives with respect to ψ that training needs. They are
 * element-wise: with tensors, `x` and `psi` have the same shape.
 */
export interface PixelDistribution {
  /** P(x | ψ), as the E-step uses it. */
  likelihood<T>(algebra: Algebra<T>, x: T, psi: T): T;
  /** ∂P(x | ψ)/∂ψ; `likelihood` is the value of {@link PixelDistribution.likelihood}. */
  likelihoodSlope<T>(algebra: Algebra<T>, x: T, psi: T, likelihood: T): T;
  /** −log P(x | ψ), as the intra-cluster loss uses it. */
  negativeLogLikelihood<T>(algebra: Algebra<T>, x: T, psi: T): T;
  /** ∂(−log P(x | ψ))/∂ψ. */
  negativeLogLikelihoodSlope<T>(algebra: Algebra<T>, x: T, psi: T): T;
  /** KL(P_prior ‖ P(·; ψ)), the inter-cluster loss. */
  divergence<T>(algebra: Algebra<T>, psi: T): T;
  /** ∂KL/∂ψ. */
  divergenceSlope<T>(algebra: Algebra<T>, psi: T): T;
}

/** The parameters of a mixture; a distribution uses what it has a use for. */
export interface MixtureParameters {
  /** Standard deviation of a Gaussian pixel in the E-step, where it acts as a temperature. */
  readonly sigma: number;
  /** Parameter of the prior: probability of a 1 (Bernoulli), or mean (Gaussian). */
  readonly prior: number;
}

/** A kind of pixel distribution. */
export interface DistributionType {
  /** Whether a pixel is 0 or 1, and ψ the probability of a 1. */
  readonly isBinary: boolean;
  /** What each parameter may be. */
  readonly parameters: Readonly<Record<keyof MixtureParameters, Check>>;
  /** The formulas, with the parameters in them as constants. */
  formulas(parameters: MixtureParameters): PixelDistribution;
}
