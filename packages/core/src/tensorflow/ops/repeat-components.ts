import * as tf from '@tensorflow/tfjs-core';

/** x, [batch, pixels], for each component. By concatenation: broadcasts and `tile` are slow on some backends. */
export function repeatComponents(x: tf.Tensor2D, components: number): tf.Tensor3D {
  const column = tf.reshape(x, [x.shape[0], 1, x.shape[1]]) as tf.Tensor3D;
  return components === 1 ? column : tf.concat(new Array<tf.Tensor3D>(components).fill(column), 1);
}
