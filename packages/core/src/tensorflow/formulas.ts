import * as tf from '@tensorflow/tfjs-core';
import type { Algebra } from '../model/formulas/algebra.js';

/** The formulas on tensors of any backend. */
export const tensors: Algebra<tf.Tensor> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  neg: (a) => tf.neg(a),
  square: (a) => tf.square(a),
  exp: (a) => tf.exp(a),
  log: (a) => tf.log(a),
  min: (a, b) => tf.minimum(a, b),
  clip: (a, low, high) => tf.clipByValue(a, low, high),
  within: (a, low, high) =>
    tf.mul(tf.cast(tf.greaterEqual(a, low), 'float32'), tf.cast(tf.lessEqual(a, high), 'float32')),
  positive: (a) => tf.cast(tf.greater(a, 0), 'float32'),
  sigmoid: (a) => tf.sigmoid(a),
  tanh: (a) => tf.tanh(a),
  relu: (a) => tf.relu(a),
  elu: (a) => tf.elu(a),
};
