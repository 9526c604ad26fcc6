import * as tf from '@tensorflow/tfjs-core';
import type { PixelDistribution } from '../../model/mixture/pixel-distribution.js';
import type { StepLossValues } from '../../model/objective.js';
import { numbersOf } from '../ops/numbers-of.js';
import { repeatComponents } from '../ops/repeat-components.js';
import { eStep } from './e-step.js';
import { type LossWeights, stepLosses, stepLossGradient, upperBoundLoss } from './losses.js';

// The E-step, the losses and their gradient for frames. x: [batch, pixels]; ψ, γ and their gradients: [batch, components, pixels].

/** x for each component of ψ. */
const target = (x: tf.Tensor2D, psi: tf.Tensor3D) => repeatComponents(x, psi.shape[1]);

/** γ ⊙ (x − ψ), the input of a step. */
export const maskedDifference = (x: tf.Tensor2D, psi: tf.Tensor3D, gamma: tf.Tensor3D): tf.Tensor3D =>
  tf.mul(gamma, tf.sub(target(x, psi), psi));

/** γ_{i,k} = (P(x_i | ψ_{i,k}) + 1e-6) / Σ_j (P(x_i | ψ_{i,j}) + 1e-6). */
export const assign = (distribution: PixelDistribution, x: tf.Tensor2D, psi: tf.Tensor3D): tf.Tensor3D =>
  eStep(distribution, target(x, psi), psi).gamma;

/** Both losses of a step. @param batchSize what the sums are divided by */
export function lossValues(
  distribution: PixelDistribution,
  x: tf.Tensor2D,
  psi: tf.Tensor3D,
  gamma: tf.Tensor3D,
  batchSize: number,
): Omit<StepLossValues, 'upper'> {
  const [intra, inter] = numbersOf(2, () => {
    const losses = stepLosses(distribution, target(x, psi), psi, gamma, batchSize);
    return [losses.intra, losses.inter];
  });
  return { intra, inter };
}

/** The loss of max_k ψ, which training does not need. @param batchSize as in {@link lossValues} */
export function upperLossValue(
  distribution: PixelDistribution,
  x: tf.Tensor2D,
  psi: tf.Tensor3D,
  batchSize: number,
): number {
  const [upper] = numbersOf(1, () => [upperBoundLoss(distribution, x, psi, batchSize)]);
  return upper;
}

/**
 * ∂L/∂ψ of a step with γ held: from its own losses, and through the next step's input γ ⊙ (x̃ − ψ), where there is one.
 * @param inputGradient ∂L/∂input of the next step
 */
export function predictionGradient(
  distribution: PixelDistribution,
  x: tf.Tensor2D,
  psi: tf.Tensor3D,
  gamma: tf.Tensor3D,
  weights: LossWeights,
  inputGradient: tf.Tensor3D | undefined,
): tf.Tensor3D {
  const own = weights.weight === 0 ? undefined : stepLossGradient(distribution, target(x, psi), psi, gamma, weights);
  const masked = inputGradient ? tf.mul<tf.Tensor3D>(inputGradient, gamma) : undefined;
  if (own && masked) return tf.sub(own, masked);
  return own ?? (masked ? tf.neg(masked) : tf.zerosLike(psi));
}
