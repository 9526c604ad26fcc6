import * as tf from '@tensorflow/tfjs-core';
import type { PixelDistribution } from '../../model/mixture/pixel-distribution.js';
import type { Objective } from '../../model/objective.js';
import { tensors } from '../formulas.js';

/** How the losses of a step count: `weight` · (intra + `interWeight` · inter). */
export interface LossWeights extends Pick<Objective, 'interWeight'> {
  /** The step's weight divided by the batch size. */
  readonly weight: number;
}

/** The losses of one step, each a scalar: summed over pixels and components, divided by the batch size. */
interface StepLosses {
  /** Σ γ · NLL(x; ψ). */
  readonly intra: tf.Scalar;
  /** Σ (1 − γ) · KL(prior ‖ ψ). */
  readonly inter: tf.Scalar;
}

/**
 * Both losses of a step (method, section 3), each summed over pixels and components and divided by `batchSize`.
 * @param x, psi, gamma [batch, components, pixels]
 */
export function stepLosses(
  distribution: PixelDistribution,
  x: tf.Tensor3D,
  psi: tf.Tensor3D,
  gamma: tf.Tensor3D,
  batchSize: number,
): StepLosses {
  const nll = distribution.negativeLogLikelihood<tf.Tensor>(tensors, x, psi);
  const kl = distribution.divergence<tf.Tensor>(tensors, psi);
  return {
    intra: tf.div(tf.sum(tf.mul(gamma, nll)), batchSize),
    inter: tf.div(tf.sum(tf.mul(tf.sub(1, gamma), kl)), batchSize),
  };
}

/** Gradient of a step's weighted total loss with respect to ψ, γ held. */
export function stepLossGradient(
  distribution: PixelDistribution,
  x: tf.Tensor3D,
  psi: tf.Tensor3D,
  gamma: tf.Tensor3D,
  { weight, interWeight }: LossWeights,
): tf.Tensor3D {
  const intra = tf.mul(gamma, distribution.negativeLogLikelihoodSlope<tf.Tensor>(tensors, x, psi));
  const inter = tf.mul(tf.mul(tf.sub(1, gamma), distribution.divergenceSlope<tf.Tensor>(tensors, psi)), interWeight);
  return tf.mul(tf.add(intra, inter), weight);
}

/** Gradient of a step's weighted total loss with respect to γ. */
export function stepLossGammaGradient(
  distribution: PixelDistribution,
  x: tf.Tensor3D,
  psi: tf.Tensor3D,
  { weight, interWeight }: LossWeights,
): tf.Tensor3D {
  const nll = distribution.negativeLogLikelihood<tf.Tensor>(tensors, x, psi);
  return tf.mul(tf.sub(nll, tf.mul(distribution.divergence<tf.Tensor>(tensors, psi), interWeight)), weight);
}

/**
 * The next-step loss that may be compared across K: the NLL of max_k ψ against x, summed over pixels, divided by
 * `batchSize` (method, section 3).
 * @param x [batch, pixels]
 * @param psi [batch, components, pixels]
 */
export function upperBoundLoss(
  distribution: PixelDistribution,
  x: tf.Tensor2D,
  psi: tf.Tensor3D,
  batchSize: number,
): tf.Scalar {
  return tf.div(tf.sum(distribution.negativeLogLikelihood<tf.Tensor>(tensors, x, tf.max(psi, 1))), batchSize);
}
