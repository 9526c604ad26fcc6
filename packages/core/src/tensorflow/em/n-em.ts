import * as tf from '@tensorflow/tfjs-core';
import type { NemShape } from '../../model/network/n-em.js';
import { required } from '../../model/network/required.js';
import type { ParameterTensors } from '../layers/layer.js';
import { activate, activateGradient } from '../ops/activation.js';
import { addTransposedProduct, timesTransposed } from '../ops/linear.js';
import type { Cell } from './cell.js';

interface Saved {
  readonly input: tf.Tensor2D;
  /** s = sigmoid(θ) before the step. */
  readonly squashed: tf.Tensor2D;
  /** (γ ⊙ (x̃ − ψ)) W. */
  readonly ascent: tf.Tensor2D;
  /** sigmoid(θ) after the step. */
  readonly squashedNext: tf.Tensor2D;
  readonly prediction: tf.Tensor2D;
}

/** s (1 − s), the derivative of a sigmoid with value s. */
const slope = (s: tf.Tensor2D): tf.Tensor2D => tf.mul(s, tf.sub(1, s));

/** W, [pixels, M], and η, [1]. */
const own = (parameters: ParameterTensors) => ({
  weights: required(parameters, 'nem.weights') as tf.Tensor2D,
  step: required(parameters, 'nem.step'),
});

/** N-EM: θ ← θ + η · s(1 − s) · ((γ ⊙ (x̃ − ψ)) W), ψ = sigmoid(sigmoid(θ) Wᵀ) (method, section 1). */
export function nemCell({ hiddenSize, parameters }: NemShape): Cell {
  return {
    hiddenSize,
    parameters,
    forward(input, theta, tensors) {
      const { weights, step } = own(tensors);
      const squashed = tf.sigmoid(theta);
      const ascent = tf.matMul(input, weights) as tf.Tensor2D;
      const hidden = tf.add(theta, tf.mul(tf.mul(slope(squashed), ascent), step)) as tf.Tensor2D;
      const squashedNext = tf.sigmoid(hidden);
      const prediction = activate('sigmoid', timesTransposed(squashedNext, weights)) as tf.Tensor2D;
      const saved: Saved = { input, squashed, ascent, squashedNext, prediction };
      return { prediction, hidden, saved: saved as unknown as tf.TensorContainer };
    },
    backward(gradient, result, tensors, sums) {
      const { weights, step } = own(tensors);
      const { input, squashed, ascent, squashedNext, prediction } = result.saved as unknown as Saved;
      const logits = activateGradient('sigmoid', gradient.prediction, prediction) as tf.Tensor2D;
      addTransposedProduct(sums, 'nem.weights', logits, squashedNext);
      const decoded = tf.mul(tf.matMul(logits, weights), slope(squashedNext)) as tf.Tensor2D;
      const hidden = gradient.hidden ? tf.add(decoded, gradient.hidden) : decoded;
      const rate = slope(squashed);
      sums.add('nem.step', tf.reshape(tf.sum(tf.mul(hidden, tf.mul(rate, ascent))), [1]));
      const ascentGradient = tf.mul(tf.mul(hidden, rate), step) as tf.Tensor2D;
      addTransposedProduct(sums, 'nem.weights', input, ascentGradient);
      const rateGradient = tf.mul(tf.mul(hidden, ascent), step);
      const thetaGradient = tf.mul(rateGradient, tf.mul(tf.sub(1, tf.mul(squashed, 2)), rate));
      return { input: timesTransposed(ascentGradient, weights), hidden: tf.add(hidden, thetaGradient) };
    },
  };
}
