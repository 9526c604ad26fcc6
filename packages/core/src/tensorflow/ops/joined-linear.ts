import * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from './gradient-sums.js';
import { hasKernels, KERNELS, runKernel } from './kernels.js';
import { addTransposedProduct, linear, timesTransposed } from './linear.js';

/** The product of two inputs side by side, with what its gradient needs. */
export interface JoinedLinear {
  /** [x, h] W + b, [rows, out]. */
  readonly z: tf.Tensor2D;
  readonly saved: readonly tf.Tensor2D[];
}

/** [x, h] W + b. x: [rows, in], h: [rows, M], weights: [in + M, out], bias: [out]. Kernels do it without joining x and h. */
export function joinedLinear(x: tf.Tensor2D, h: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): JoinedLinear {
  if (hasKernels()) {
    const z = runKernel<tf.Tensor2D>(KERNELS.joinedLinear, { x, h, weights, bias });
    return { z, saved: [tf.clone(x), tf.clone(h)] };
  }
  const joined = tf.concat([x, h], 1);
  return { z: linear(joined, weights, bias), saved: [joined] };
}

/** Gradients of {@link joinedLinear} by x (the first `inputs` columns) and h; adds that by the weights to its sum `name`. */
export function joinedLinearGradient(
  dz: tf.Tensor2D,
  saved: readonly tf.Tensor2D[],
  weights: tf.Tensor2D,
  inputs: number,
  sums: GradientSums,
  name: string,
): { x: tf.Tensor2D; h: tf.Tensor2D } {
  if (hasKernels()) {
    const [x, h] = saved;
    runKernel(KERNELS.addJoinedProduct, { sum: sums.accumulator(name, weights.shape), x, h, dy: dz });
    const [dx, dh] = runKernel<tf.Tensor[]>(KERNELS.joinedLinearGradient, { dy: dz, weights }, { inputs });
    return { x: dx as tf.Tensor2D, h: dh as tf.Tensor2D };
  }
  addTransposedProduct(sums, name, saved[0], dz);
  const joined = timesTransposed(dz, weights);
  return { x: tf.slice(joined, [0, 0], [-1, inputs]), h: tf.slice(joined, [0, inputs], [-1, -1]) };
}
