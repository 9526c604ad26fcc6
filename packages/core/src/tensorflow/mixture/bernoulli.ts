import * as tf from '@tensorflow/tfjs-core';
import { CLIPPING_EPSILON as EPSILON } from '../../model/epsilons.js';
import type { PixelDistribution } from './distribution.js';

const clip = (psi: tf.Tensor) => tf.clipByValue(psi, EPSILON, 1 - EPSILON);

/** 1 where ψ is inside the clipping range and a logarithm has a gradient, else 0. */
function inside(psi: tf.Tensor): tf.Tensor {
  return tf.mul(tf.cast(tf.greaterEqual(psi, EPSILON), 'float32'), tf.cast(tf.lessEqual(psi, 1 - EPSILON), 'float32'));
}

/** p log(p / q) with 0 log 0 = 0, for a constant p and a tensor q. */
function crossTerm(p: number, q: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(Math.log(p), tf.log(q)), p);
}

/**
 * Binary pixels: P(x | ψ) = xψ + (1 − x)(1 − ψ), cross entropy, and the divergence from a Bernoulli prior
 * (method, sections 1 and 3).
 * @param prior probability of a 1 under the prior, in [0, 1)
 */
export function bernoulli(prior: number): PixelDistribution {
  return {
    likelihood: (x, psi) => tf.add(tf.mul(tf.sub(tf.mul(x, 2), 1), psi), tf.sub(1, x)),
    likelihoodGradient: (x) => tf.sub(tf.mul(x, 2), 1),
    negativeLogLikelihood(x, psi) {
      const p = clip(psi);
      return tf.neg(tf.add(tf.mul(x, tf.log(p)), tf.mul(tf.sub(1, x), tf.log(tf.sub(1, p)))));
    },
    negativeLogLikelihoodGradient(x, psi) {
      const p = clip(psi);
      return tf.mul(tf.div(tf.sub(p, x), tf.mul(p, tf.sub(1, p))), inside(psi));
    },
    divergence(psi) {
      const p = clip(psi);
      const off = crossTerm(1 - prior, tf.sub(1, p));
      return prior === 0 ? off : tf.add(off, crossTerm(prior, p));
    },
    divergenceGradient(psi) {
      const p = clip(psi);
      return tf.mul(tf.div(tf.sub(p, prior), tf.mul(p, tf.sub(1, p))), inside(psi));
    },
  };
}
