import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/** The values of a tensor that `make` gives on the plain JavaScript backend, rounded to 6 decimals; no tensor stays. */
export async function valuesOf(make: () => tf.Tensor): Promise<number[]> {
  await tf.setBackend('cpu');
  const values = tf.tidy(() => [...make().dataSync()]);
  return values.map((value) => Math.round(value * 1e6) / 1e6 || 0);
}

/** A scalar function's values to compare {@link valuesOf} with. */
export const rounded = (...values: number[]): number[] => values.map((value) => Math.round(value * 1e6) / 1e6 || 0);
