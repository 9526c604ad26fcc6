import * as tf from '@tensorflow/tfjs-core';
import { LAYER_NORM_EPSILON } from '../../../model/epsilons.js';
import { lastAxis } from '../../../model/network/sample-shape.js';
import type { Operations } from '../operations.js';
import { activate, activateGradient } from './activation.js';

// The composite forms go over whole layers as seldom as they can: what is the same for a row, or for a row's channel, is
// worked out on [rows, 1, channels].

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

export const normActivate: Operations['normActivate'] = (activation, x, { gain, offset }) => {
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
};

export const normActivateGradient: Operations['normActivateGradient'] = (
  activation,
  dy,
  { y, saved },
  gain,
  sums,
  names,
) => {
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
};
