import type { Tensor } from '@tensorflow/tfjs-core';
import { type MixtureSpec, resolveMixture } from '../../model/mixture/spec.js';
import { bernoulli } from './bernoulli.js';
import { gaussian } from './gaussian.js';

/**
 * The distribution of one pixel x given its parameter ψ, with the derivatives by ψ that training needs.
 * All functions are element-wise: `x` and `psi` have the same shape.
 */
export interface PixelDistribution {
  /** P(x | ψ), as the E-step uses it. */
  likelihood(x: Tensor, psi: Tensor): Tensor;
  /** ∂P(x | ψ)/∂ψ; `likelihood` is the value that {@link PixelDistribution.likelihood} returned. */
  likelihoodGradient(x: Tensor, psi: Tensor, likelihood: Tensor): Tensor;
  /** −log P(x | ψ), as the intra-cluster loss uses it. */
  negativeLogLikelihood(x: Tensor, psi: Tensor): Tensor;
  /** ∂(−log P(x | ψ))/∂ψ. */
  negativeLogLikelihoodGradient(x: Tensor, psi: Tensor): Tensor;
  /** KL(P_prior ‖ P(·; ψ)), the inter-cluster loss. */
  divergence(psi: Tensor): Tensor;
  /** ∂KL/∂ψ. */
  divergenceGradient(psi: Tensor): Tensor;
}

/**
 * The distribution that `spec` names.
 * @throws RangeError for an unknown distribution, a σ that is not positive or a prior out of range
 */
export function pixelDistribution(spec: MixtureSpec): PixelDistribution {
  const { distribution, sigma, prior } = resolveMixture(spec);
  return distribution === 'bernoulli' ? bernoulli(prior) : gaussian(sigma, prior);
}
