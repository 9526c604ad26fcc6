import * as tf from '@tensorflow/tfjs-core';

/** So many numbers. */
interface Numbers {
  readonly 1: [number];
  readonly 2: [number, number];
}

/**
 * The numbers of tensors, of which nothing is left.
 * @param count of numbers in all tensors together
 */
export function numbersOf<N extends keyof Numbers>(count: N, make: () => tf.Tensor[]): Numbers[N] {
  const numbers: number[] = [];
  tf.tidy(() => {
    for (const tensor of make()) numbers.push(...tensor.dataSync());
  });
  if (numbers.length !== count)
    throw new RangeError(`tensors hold ${numbers.length} numbers: give tensors of ${count}.`);
  return numbers as Numbers[N];
}
