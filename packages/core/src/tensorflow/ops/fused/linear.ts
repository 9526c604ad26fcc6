import * as tf from '@tensorflow/tfjs-core';
import { KERNELS, runKernel } from '../kernels.js';
import type { Operations } from '../operations.js';

export const timesTransposed: Operations['timesTransposed'] = (dy, weights) => tf.matMul(dy, weights, false, true);

export const addTransposedProduct: Operations['addTransposedProduct'] = (sums, name, x, dy) => {
  const sum = sums.accumulator(name, [x.shape[1], dy.shape[1]]);
  runKernel(KERNELS.addTransposedProduct, { sum, x, dy });
};

/** x and h stay where they lie: they are not joined. */
export const joinedLinear: Operations['joinedLinear'] = (x, h, weights, bias) => ({
  z: runKernel<tf.Tensor2D>(KERNELS.joinedLinear, { x, h, weights, bias }),
  saved: [tf.clone(x), tf.clone(h)],
});

export const joinedLinearGradient: Operations['joinedLinearGradient'] = (dz, saved, weights, inputs, sums, name) => {
  const [x, h] = saved;
  runKernel(KERNELS.addJoinedProduct, { sum: sums.accumulator(name, weights.shape), x, h, dy: dz });
  const [dx, dh] = runKernel<tf.Tensor[]>(KERNELS.joinedLinearGradient, { dy: dz, weights }, { inputs });
  return { x: dx as tf.Tensor2D, h: dh as tf.Tensor2D };
};
