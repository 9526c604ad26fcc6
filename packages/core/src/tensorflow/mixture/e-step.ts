import * as tf from '@tensorflow/tfjs-core';
import { LIKELIHOOD_EPSILON } from '../../model/epsilons.js';
import type { PixelDistribution } from '../../model/mixture/pixel-distribution.js';
import { tensors } from '../formulas.js';

/** γ with what its gradient needs. */
interface Assignment {
  /** γ_{i,k}, [batch, components, pixels], sums to 1 over the components. */
  readonly gamma: tf.Tensor3D;
  /** P(x_i | ψ_{i,k}) without the epsilon, as gamma. */
  readonly likelihood: tf.Tensor3D;
  /** Σ_k (P + 1e-6), [batch, 1, pixels]. */
  readonly evidence: tf.Tensor3D;
}

/**
 * E-step: γ_{i,k} = (P(x_i | ψ_{i,k}) + 1e-6) / Σ_j (P(x_i | ψ_{i,j}) + 1e-6).
 * @param x pixels repeated for each component, [batch, components, pixels]
 * @param psi predictions ψ, as x
 */
export function eStep(distribution: PixelDistribution, x: tf.Tensor3D, psi: tf.Tensor3D): Assignment {
  const likelihood = distribution.likelihood<tf.Tensor>(tensors, x, psi) as tf.Tensor3D;
  const weights = tf.add(likelihood, LIKELIHOOD_EPSILON) as tf.Tensor3D;
  const evidence = tf.sum(weights, 1, true) as tf.Tensor3D;
  return { gamma: tf.div(weights, evidence), likelihood, evidence };
}

/** ∂L/∂ψ through γ, given ∂L/∂γ: used only where the gradient is let through γ. */
export function eStepGradient(
  distribution: PixelDistribution,
  x: tf.Tensor3D,
  psi: tf.Tensor3D,
  { gamma, likelihood, evidence }: Assignment,
  gammaGradient: tf.Tensor3D,
): tf.Tensor3D {
  const centre = tf.sum(tf.mul(gammaGradient, gamma), 1, true);
  const likelihoodGradient = tf.div(tf.sub(gammaGradient, centre), evidence);
  return tf.mul(likelihoodGradient, distribution.likelihoodSlope<tf.Tensor>(tensors, x, psi, likelihood));
}
