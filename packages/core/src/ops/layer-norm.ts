import * as tf from '@tensorflow/tfjs-core';
import { LAYER_NORM_EPSILON } from '../epsilons.js';
import type { Activation } from '../network/spec.js';
import { activate, activateGradient, activationCode, addChannelSums } from './activation.js';
import type { GradientSums } from './gradient-sums.js';
import { hasKernels, KERNELS, runKernel } from './kernels.js';

/** What the gradient of a normalisation needs. */
export interface Normalized {
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

/** Gradient of {@link normalizeRows} by x. */
export function normalizeRowsGradient(dy: tf.Tensor2D, { normalized, scale }: Normalized): tf.Tensor2D {
  const mean = tf.mean(dy, 1, true);
  const projection = tf.mean(tf.mul(dy, normalized), 1, true);
  return tf.mul(tf.sub(tf.sub(dy, mean), tf.mul(normalized, projection)), scale);
}

/** Parameters of a layer norm, [channels] each. */
export interface NormParameters {
  readonly gain: tf.Tensor;
  readonly offset: tf.Tensor;
}

/** A normalised and activated layer, with what its gradient needs. */
export interface NormActivated extends Normalized {
  /** As x. */
  readonly y: tf.Tensor;
}

const rowsOf = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [x.shape[0], -1]);

/** Layer norm over all axes but the first, gain and offset by channel (the last axis), activation. */
export function normActivate(activation: Activation, x: tf.Tensor, { gain, offset }: NormParameters): NormActivated {
  if (hasKernels()) {
    const attributes = { activation: activationCode(activation), epsilon: LAYER_NORM_EPSILON };
    const [y, normalized, scale] = runKernel<tf.Tensor[]>(KERNELS.normActivate, { x, gain, offset }, attributes);
    return { y, normalized: normalized as tf.Tensor2D, scale: scale as tf.Tensor2D };
  }
  const { normalized, scale } = normalizeRows(rowsOf(x), LAYER_NORM_EPSILON);
  const affine = tf.add(tf.mul(tf.reshape(normalized, [-1, gain.shape[0] as number]), gain), offset);
  return { y: activate(activation, tf.reshape(affine, x.shape)), normalized, scale };
}

/** Names of the sums that a layer's gradients go to. */
export interface NormSums {
  readonly gain: string;
  readonly offset: string;
  /** Of the bias before the norm, where there is one. */
  readonly bias?: string;
}

/** Gradient of {@link normActivate} by x, as dy; adds those by the parameters to their sums. */
export function normActivateGradient(
  activation: Activation,
  dy: tf.Tensor,
  { y, normalized, scale }: NormActivated,
  gain: tf.Tensor,
  sums: GradientSums,
  names: NormSums,
): tf.Tensor {
  if (hasKernels()) {
    const sum = (name: string | undefined) => (name ? sums.accumulator(name, gain.shape) : undefined);
    return runKernel(
      KERNELS.normActivateGradient,
      {
        dy,
        y,
        normalized,
        scale,
        gain,
        gainSum: sum(names.gain),
        offsetSum: sum(names.offset),
        biasSum: sum(names.bias),
      },
      { activation: activationCode(activation) },
    );
  }
  const flat = tf.reshape(activateGradient(activation, dy, y), [-1, gain.shape[0] as number]);
  sums.add(names.gain, tf.sum(tf.mul(flat, tf.reshape(normalized, flat.shape)), 0));
  sums.add(names.offset, tf.sum(flat, 0));
  const normalizedGradient = tf.reshape(tf.mul(flat, gain), normalized.shape) as tf.Tensor2D;
  const dx = tf.reshape(normalizeRowsGradient(normalizedGradient, { normalized, scale }), dy.shape);
  if (names.bias) addChannelSums(sums, names.bias, dx);
  return dx;
}
