import * as tf from '@tensorflow/tfjs-core';

/** Runs one of the current backend's kernels by its name. */
export function runKernel<T extends tf.Tensor>(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: object = {},
): T {
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap) as unknown as T;
}
