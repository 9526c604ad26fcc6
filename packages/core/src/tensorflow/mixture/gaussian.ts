import * as tf from '@tensorflow/tfjs-core';
import type { PixelDistribution } from './distribution.js';

/**
 * Grey pixels: N(x; ψ, σ) in the E-step, unit variance in the losses (method, sections 1 and 3).
 * @param sigma standard deviation in the E-step, above 0
 * @param prior mean of the prior
 */
export function gaussian(sigma: number, prior: number): PixelDistribution {
  const scale = 1 / (sigma * Math.sqrt(2 * Math.PI));
  return {
    likelihood: (x, psi) => tf.mul(tf.exp(tf.mul(tf.square(tf.sub(x, psi)), -1 / (2 * sigma * sigma))), scale),
    likelihoodGradient: (x, psi, likelihood) => tf.mul(tf.mul(tf.sub(x, psi), likelihood), 1 / (sigma * sigma)),
    negativeLogLikelihood: (x, psi) => tf.mul(tf.square(tf.sub(psi, x)), 0.5),
    negativeLogLikelihoodGradient: (x, psi) => tf.sub(psi, x),
    divergence: (psi) => tf.mul(tf.square(tf.sub(psi, prior)), 0.5),
    divergenceGradient: (psi) => tf.sub(psi, prior),
  };
}
