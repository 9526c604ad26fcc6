import * as tf from '@tensorflow/tfjs-core';
import { pixelDistribution } from '../../../model/mixture/distributions.js';
import { eStep } from '../../mixture/e-step.js';
import { stepLosses, stepLossGradient, upperBoundLoss } from '../../mixture/losses.js';
import { numbersOf } from '../numbers-of.js';
import type { Operations } from '../operations.js';
import { repeatComponents } from '../repeat-components.js';

export const maskedDifference: Operations['maskedDifference'] = (x, psi, gamma) =>
  tf.mul(gamma, tf.sub(repeatComponents(x, psi.shape[1]), psi));

export const mixture: Operations['mixture'] = (spec) => {
  const distribution = pixelDistribution(spec);
  const target = (x: tf.Tensor2D, psi: tf.Tensor3D) => repeatComponents(x, psi.shape[1]);
  return {
    assign: (x, psi) => eStep(distribution, target(x, psi), psi).gamma,
    losses(x, psi, gamma, batchSize) {
      const [intra, inter] = numbersOf(2, () => {
        const losses = stepLosses(distribution, target(x, psi), psi, gamma, batchSize);
        return [losses.intra, losses.inter];
      });
      return { intra, inter };
    },
    upperLoss(x, psi, batchSize) {
      const [upper] = numbersOf(1, () => [upperBoundLoss(distribution, x, psi, batchSize)]);
      return upper;
    },
    predictionGradient(x, psi, gamma, weights, inputGradient) {
      const own =
        weights.weight === 0 ? undefined : stepLossGradient(distribution, target(x, psi), psi, gamma, weights);
      const masked = inputGradient ? tf.mul<tf.Tensor3D>(inputGradient, gamma) : undefined;
      if (own && masked) return tf.sub(own, masked);
      return own ?? (masked ? tf.neg(masked) : tf.zerosLike(psi));
    },
  };
};
