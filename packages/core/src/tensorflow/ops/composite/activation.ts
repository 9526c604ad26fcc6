import * as tf from '@tensorflow/tfjs-core';
import { activationFunctions } from '../../../model/network/activation-functions.js';
import { lastAxis } from '../../../model/network/sample-shape.js';
import { tensors } from '../../formulas.js';
import type { Operations } from '../operations.js';
import { ownActivationGradient } from '../own-gradient.js';

export const activate: Operations['activate'] = (name, x) => activationFunctions[name].value(tensors, x);

export const activateGradient: Operations['activateGradient'] = (name, dy, y) => {
  const own = ownActivationGradient(name, dy, y);
  if (own) return own;
  const { slope } = activationFunctions[name];
  return slope ? tf.mul(dy, slope(tensors, y)) : dy;
};

export const addChannelSums: Operations['addChannelSums'] = (sums, name, x) =>
  sums.add(name, tf.sum(tf.reshape(x, [-1, lastAxis(x.shape)]), 0));

export const activateGradientWithBias: Operations['activateGradientWithBias'] = (name, dy, y, sums, bias) => {
  const dx = activateGradient(name, dy, y);
  addChannelSums(sums, bias, dx);
  return dx;
};
