import * as tf from '@tensorflow/tfjs-core';

/** What the gradient of a normalisation needs. */
interface Normalized {
  /** Mean 0, variance 1 in each row, [samples, elements]. */
  readonly normalized: tf.Tensor2D;
  /** 1 / standard deviation, [samples, 1]. */
  readonly scale: tf.Tensor2D;
}

/** Normalises each row of `x`, [samples, elements]. */
export function normalizeRows(x: tf.Tensor2D, epsilon: number): Normalized {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  const variance = tf.mean(tf.square(centred), 1, true);
  const scale = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor2D;
  return { normalized: tf.mul(centred, scale), scale };
}

/** ∂L/∂x of {@link normalizeRows}. */
export function normalizeRowsGradient(dy: tf.Tensor2D, { normalized, scale }: Normalized): tf.Tensor2D {
  const mean = tf.mean(dy, 1, true);
  const projection = tf.mean(tf.mul(dy, normalized), 1, true);
  return tf.mul(tf.sub(tf.sub(dy, mean), tf.mul(normalized, projection)), scale);
}
