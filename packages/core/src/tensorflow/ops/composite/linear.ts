import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../linear.js';
import type { Operations } from '../operations.js';

export const timesTransposed: Operations['timesTransposed'] = (dy, weights) => tf.matMul(dy, weights, false, true);

export const addTransposedProduct: Operations['addTransposedProduct'] = (sums, name, x, dy) =>
  sums.add(name, tf.matMul(x, dy, true, false));

export const joinedLinear: Operations['joinedLinear'] = (x, h, weights, bias) => {
  const joined = tf.concat([x, h], 1);
  return { z: linear(joined, weights, bias), saved: [joined] };
};

export const joinedLinearGradient: Operations['joinedLinearGradient'] = (dz, saved, weights, inputs, sums, name) => {
  const [joined] = saved as readonly [tf.Tensor2D];
  addTransposedProduct(sums, name, joined, dz);
  const gradient = timesTransposed(dz, weights);
  return { x: tf.slice(gradient, [0, 0], [-1, inputs]), h: tf.slice(gradient, [0, inputs], [-1, -1]) };
};
