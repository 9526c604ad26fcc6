import * as tf from '@tensorflow/tfjs-core';
import { multipliesTransposed } from './lowering.js';

/** x W + b. x: [rows, in], weights: [in, out], bias: [out]. */
export function linear(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.add(tf.matMul(x, weights), bias);
}

// The WebAssembly backend's own products with a transpose flag are ten times slower than transposing first.

/** dy Wᵀ. */
export function timesTransposed(dy: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  if (multipliesTransposed()) return tf.matMul(dy, weights, false, true);
  return tf.matMul(dy, tf.transpose(weights) as tf.Tensor2D);
}

/** xᵀ dy, the gradient of the weights. */
export function transposedTimes(x: tf.Tensor2D, dy: tf.Tensor2D): tf.Tensor2D {
  if (multipliesTransposed()) return tf.matMul(x, dy, true, false);
  return tf.matMul(tf.transpose(x) as tf.Tensor2D, dy);
}
