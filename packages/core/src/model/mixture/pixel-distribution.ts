import type { Algebra } from '../formulas/algebra.js';
import type { Check } from '../spec-check.js';
import type { MixtureSpec } from './spec.js';

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

/** A kind of pixel distribution. */
export interface DistributionType {
  /** What each parameter may be. */
  readonly parameters: Readonly<Record<Exclude<keyof MixtureSpec, 'distribution'>, Check>>;
  /** The formulas, with the parameters in them as constants. */
  formulas(parameters: Required<MixtureSpec>): PixelDistribution;
}
