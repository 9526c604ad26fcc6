import * as tf from '@tensorflow/tfjs-core';
import { activationFunctions } from '../../model/network/activation-functions.js';
import type { Activation } from '../../model/network/activation-names.js';
import { lastAxis } from '../../model/network/sample-shape.js';
import { tensors } from '../formulas.js';
import type { GradientSums } from './gradient-sums.js';
import { ownActivationGradient } from './own-gradient.js';

/** The activation of x. */
export const activate = (name: Activation, x: tf.Tensor): tf.Tensor => activationFunctions[name].value(tensors, x);

/** ∂L/∂x of {@link activate}, from ∂L/∂y and y. */
export function activateGradient(name: Activation, dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const own = ownActivationGradient(name, dy, y);
  if (own) return own;
  const { slope } = activationFunctions[name];
  return slope ? tf.mul(dy, slope(tensors, y)) : dy;
}

/** Sums `x`, [..., channels], over all axes except the last, into the sum `name`. */
export const addChannelSums = (sums: GradientSums, name: string, x: tf.Tensor): void =>
  sums.add(name, tf.sum(tf.reshape(x, [-1, lastAxis(x.shape)]), 0));

/** {@link activateGradient} of a layer with a bias: adds the bias's gradient to its sum `bias`. */
export function activateGradientWithBias(
  name: Activation,
  dy: tf.Tensor,
  y: tf.Tensor,
  sums: GradientSums,
  bias: string,
): tf.Tensor {
  const dx = activateGradient(name, dy, y);
  addChannelSums(sums, bias, dx);
  return dx;
}
