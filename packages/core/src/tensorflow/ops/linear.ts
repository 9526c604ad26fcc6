import * as tf from '@tensorflow/tfjs-core';

/** x W + b. x: [rows, in], weights: [in, out], bias: [out]. */
export function linear(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: weights, bias }) as tf.Tensor2D;
}
