import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './spec.js';

interface ActivationFunction {
  forward(x: tf.Tensor): tf.Tensor;
  /** ∂L/∂x from ∂L/∂y and y: every activation here has a derivative that is a function of its value. */
  backward(dy: tf.Tensor, y: tf.Tensor): tf.Tensor;
}

const positive = (y: tf.Tensor) => tf.cast(tf.greater(y, 0), 'float32');

const activations: Readonly<Record<Activation, ActivationFunction>> = {
  linear: { forward: (x) => x, backward: (dy) => dy },
  sigmoid: { forward: (x) => tf.sigmoid(x), backward: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))) },
  tanh: { forward: (x) => tf.tanh(x), backward: (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))) },
  relu: { forward: (x) => tf.relu(x), backward: (dy, y) => tf.mul(dy, positive(y)) },
  // For x ≤ 0: y = exp(x) − 1 and dy/dx = exp(x) = y + 1.
  elu: { forward: (x) => tf.elu(x), backward: (dy, y) => tf.mul(dy, tf.add(tf.minimum(y, 0), 1)) },
};

/** The function that `name` names; names are checked where a network is built. */
export function activationFunction(name: Activation): ActivationFunction {
  return activations[name];
}
