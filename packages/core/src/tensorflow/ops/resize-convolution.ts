import * as tf from '@tensorflow/tfjs-core';
import { samePadding } from '../../model/network/padding.js';
import { convolve, convolveInputGradient, convolveKernelGradient } from './convolution.js';
import type { GradientSums } from './gradient-sums.js';
import type { Padding } from './pad-image.js';

/**
 * A nearest-neighbour enlargement by s, then a convolution with a k × k kernel and SAME padding, is a transposed convolution
 * of the small image with stride s: a pixel of it reaches s + k − 1 pixels of the output along each axis, each through the
 * sum of at most s taps. No enlarged image is made, and a 4 × 4 kernel at s = 2 costs 25 products a small pixel in place of 64.
 */
interface Folded {
  /** The transposed convolution's kernel, [s + k − 1, s + k − 1, O, C]. */
  readonly kernel: tf.Tensor4D;
  readonly padding: Padding;
}

/** Which taps, [reach, taps], reach a place along one axis: 1 or 0. */
function tapsOfPlaces(size: number, scale: number): boolean[][] {
  return Array.from({ length: scale + size - 1 }, (_, place) =>
    Array.from({ length: size }, (_, tap) => tap >= size - 1 - place && tap < size - 1 - place + scale),
  );
}

/** [reach², taps²]: the Kronecker product of both axes' {@link tapsOfPlaces}. */
function foldingMatrix(size: number, scale: number): tf.Tensor2D {
  const axis = tapsOfPlaces(size, scale);
  const rows = axis.flatMap((vertical) =>
    axis.map((horizontal) => vertical.flatMap((v) => horizontal.map((h) => v && h))),
  );
  return tf.tensor2d(Float32Array.from(rows.flat(), Number), [rows.length, size * size]);
}

function paddingOf(size: number): Padding {
  // SAME padding at stride 1 does not depend on the image.
  const [before] = samePadding(size, size, 1);
  return { top: size - 1 - before, bottom: before, left: size - 1 - before, right: before };
}

function fold(kernel: tf.Tensor4D, scale: number): Folded {
  const [size, , channels, outputs] = kernel.shape;
  const reach = scale + size - 1;
  const taps = tf.reshape(kernel, [size * size, channels * outputs]) as tf.Tensor2D;
  const places = tf.reshape(tf.matMul(foldingMatrix(size, scale), taps), [reach * reach, channels, outputs]);
  const folded = tf.reshape(tf.transpose(places, [0, 2, 1]), [reach, reach, outputs, channels]) as tf.Tensor4D;
  return { kernel: folded, padding: paddingOf(size) };
}

/**
 * Nearest-neighbour enlargement by `scale`, then a convolution with SAME padding, plus a bias. x: [N, H, W, C], kernel: [k, k, C,
 * O], bias: [O].
 */
export function resizeConvolve(x: tf.Tensor4D, kernel: tf.Tensor4D, scale: number, bias: tf.Tensor1D): tf.Tensor4D {
  const [, height, width] = x.shape;
  const folded = fold(kernel, scale);
  return convolveInputGradient(x, folded.kernel, scale, folded.padding, [height * scale, width * scale], bias);
}

/** ∂L/∂x of {@link resizeConvolve}; adds ∂L/∂kernel to its sum. */
export function resizeConvolveGradient(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dy: tf.Tensor4D,
  scale: number,
  sums: GradientSums,
  name: string,
): tf.Tensor4D {
  const [size, , channels, outputs] = kernel.shape;
  const folded = fold(kernel, scale);
  const [reach] = folded.kernel.shape;
  const gradient = convolveKernelGradient(dy, x, [reach, reach], scale, folded.padding);
  const places = tf.transpose(tf.reshape(gradient, [reach * reach, outputs, channels]), [0, 2, 1]);
  const flat = tf.reshape(places, [reach * reach, channels * outputs]) as tf.Tensor2D;
  const taps = tf.matMul(tf.transpose(foldingMatrix(size, scale)) as tf.Tensor2D, flat);
  sums.add(name, tf.reshape(taps, kernel.shape));
  return convolve(dy, folded.kernel, scale, folded.padding);
}
