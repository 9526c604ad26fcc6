import * as tf from '@tensorflow/tfjs-core';
import { LAYER_NORM_EPSILON } from '../../model/epsilons.js';
import type { Activation } from '../../model/network/activation-names.js';
import { lastAxis } from '../../model/network/sample-shape.js';
import { activate, activateGradient } from './activation.js';
import type { GradientSums } from './gradient-sums.js';

// Both functions go over whole layers as seldom as they can: what is the same for a row, or for a row's channel, is
// worked out on [rows, 1, channels].

/** Parameters of a layer norm, [channels] each. */
interface NormParameters {
  readonly gain: tf.Tensor;
  readonly offset: tf.Tensor;
}

/** A normalised and activated layer. */
interface NormActivated {
  /** As x. */
  readonly y: tf.Tensor;
  /** What {@link normActivateGradient} needs beside. */
  readonly saved: readonly tf.Tensor[];
}

/** Names of the sums that a layer's gradients go to. */
interface NormSums {
  readonly gain: string;
  readonly offset: string;
  /** Of the bias before the norm, where there is one. */
  readonly bias?: string;
}

/** x and its sums over pixels, both by channel; mean and 1 / standard deviation of a row, [rows, 1, 1]. */
type Saved = readonly [values: tf.Tensor3D, totals: tf.Tensor3D, mean: tf.Tensor3D, scale: tf.Tensor3D];

/** x as [rows, pixels, channels]. */
function byChannel(x: tf.Tensor): tf.Tensor3D {
  const channels = lastAxis(x.shape);
  return tf.reshape(x, [x.shape[0], x.size / x.shape[0] / channels, channels]);
}

const sumPixels = (x: tf.Tensor3D): tf.Tensor3D => (x.shape[1] === 1 ? x : tf.sum(x, 1, true));
const sumChannels = (x: tf.Tensor3D): tf.Tensor3D => tf.sum(x, 2, true);
const sumRows = (x: tf.Tensor3D): tf.Tensor1D => tf.sum(x, [0, 1]);

/** Layer norm over all axes except the first, gain and offset by channel (the last axis), activation. */
export function normActivate(activation: Activation, x: tf.Tensor, { gain, offset }: NormParameters): NormActivated {
  const values = byChannel(x);
  const length = x.size / x.shape[0];
  const totals = sumPixels(values);
  const mean = tf.div(sumChannels(totals), length);
  const squares = tf.reshape(tf.squaredDifference(values, mean), [x.shape[0], length]);
  const variance = tf.reshape(tf.mean(squares, 1), mean.shape);
  const scale = tf.rsqrt(tf.add(variance, LAYER_NORM_EPSILON));
  const slopes = tf.mul(scale, gain);
  const affine = tf.add(tf.mul(values, slopes), tf.sub(offset, tf.mul(mean, slopes)));
  return { y: activate(activation, tf.reshape(affine, x.shape)), saved: [values, totals, mean, scale] };
}

/** ∂L/∂x of {@link normActivate}, as dy; adds the gradients of the parameters to their sums. */
export function normActivateGradient(
  activation: Activation,
  dy: tf.Tensor,
  { y, saved }: NormActivated,
  gain: tf.Tensor,
  sums: GradientSums,
  names: NormSums,
): tf.Tensor {
  const [values, totals, mean, scale] = saved as Saved;
  const before = byChannel(activateGradient(activation, dy, y));
  const [, pixels, channels] = before.shape;
  const length = pixels * channels;
  const offsetGradients = sumPixels(before);
  const raw = sumPixels(tf.mul(before, values));
  const gainGradients = tf.mul(tf.sub(raw, tf.mul(mean, offsetGradients)), scale) as tf.Tensor3D;
  sums.add(names.gain, sumRows(gainGradients));
  sums.add(names.offset, sumRows(offsetGradients));
  // dx = before · slopes − x · along + constant, from scale · (before · gain − mean(…) − normalized · mean(… · normalized)).
  const slopes = tf.mul(scale, gain) as tf.Tensor3D;
  const projection = tf.div(sumChannels(tf.mul(gainGradients, gain)), length);
  const along = tf.mul(tf.square(scale), projection) as tf.Tensor3D;
  const centre = tf.div(sumChannels(tf.mul(offsetGradients, gain)), length);
  const constant = tf.sub(tf.mul(mean, along), tf.mul(scale, centre)) as tf.Tensor3D;
  const linear = (gradient: tf.Tensor3D, x: tf.Tensor3D, share: tf.Tensor3D) =>
    tf.add(tf.sub(tf.mul(gradient, slopes), tf.mul(x, along)), share) as tf.Tensor3D;
  if (names.bias) sums.add(names.bias, sumRows(linear(offsetGradients, totals, tf.mul(constant, pixels))));
  return tf.reshape(linear(before, values, constant), dy.shape);
}
