import * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from './gradient-sums.js';

/** x W + b. x: [rows, in], weights: [in, out], bias: [out]. */
export function linear(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: weights, bias }) as tf.Tensor2D;
}

/** dy Wᵀ. */
export const timesTransposed = (dy: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D =>
  tf.matMul(dy, weights, false, true);

/** Adds xᵀ dy, the gradient of the weights, to their sum. */
export const addTransposedProduct = (sums: GradientSums, name: string, x: tf.Tensor2D, dy: tf.Tensor2D): void =>
  sums.add(name, tf.matMul(x, dy, true, false));
