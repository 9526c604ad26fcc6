import * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from './gradient-sums.js';
import { hasKernels, KERNELS, runKernel } from './kernels.js';
import { multipliesTransposed } from './lowering.js';

/** x W + b. x: [rows, in], weights: [in, out], bias: [out]. */
export function linear(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: weights, bias }) as tf.Tensor2D;
}

// The WebAssembly backend's own products with a transpose flag are ten times slower than transposing first.

/** dy Wᵀ. */
export function timesTransposed(dy: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  if (multipliesTransposed()) return tf.matMul(dy, weights, false, true);
  return tf.matMul(dy, tf.transpose(weights) as tf.Tensor2D);
}

/** Adds xᵀ dy, the gradient of the weights, to their sum. */
export function addTransposedProduct(sums: GradientSums, name: string, x: tf.Tensor2D, dy: tf.Tensor2D): void {
  if (hasKernels()) {
    const sum = sums.accumulator(name, [x.shape[1], dy.shape[1]]);
    runKernel(KERNELS.addTransposedProduct, { sum, x, dy });
  } else if (multipliesTransposed()) sums.add(name, tf.matMul(x, dy, true, false));
  else sums.add(name, tf.matMul(tf.transpose(x) as tf.Tensor2D, dy));
}
