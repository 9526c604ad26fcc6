import * as tf from '@tensorflow/tfjs-core';

/** The numbers of tensors, of which nothing is left. */
export function numbersOf(make: () => tf.Tensor[]): number[] {
  const numbers: number[] = [];
  tf.tidy(() => {
    for (const tensor of make()) numbers.push(...tensor.dataSync());
  });
  return numbers;
}
