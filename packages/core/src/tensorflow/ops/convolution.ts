import * as tf from '@tensorflow/tfjs-core';
import { kernelAttributes, negative, type Padding, padImage } from './pad-image.js';
import { runKernel } from './run-kernel.js';

/** Backends whose own convolution gradients are right and at forward speed. */
const hasConvolutionGradients = () => tf.getBackend() === 'tensorflow' || tf.getBackend() === 'cpu';

/** A convolution with explicit padding, plus a bias where there is one. x: [N, H, W, C], kernel: [k, l, C, O], bias: [O]. */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: Padding,
  bias?: tf.Tensor1D,
): tf.Tensor4D {
  const padded = padImage(x, padding);
  return bias
    ? (tf.fused.conv2d({ x: padded, filter: kernel, strides: stride, pad: 'valid', bias }) as tf.Tensor4D)
    : tf.conv2d(padded, kernel, stride, 'valid');
}

/**
 * Puts `stride` − 1 rows and columns of zeros between those of `x`. By padding of reshaped axes: strided slices and
 * transposes of high rank are slow on some backends.
 */
function dilate(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return x;
  const [n, h, w, c] = x.shape;
  const columns = tf.pad(tf.reshape(x, [n * h * w, c]), [
    [0, 0],
    [0, (stride - 1) * c],
  ]);
  const rows = tf.pad(tf.reshape(columns, [n * h, w * stride * c]), [
    [0, 0],
    [0, (stride - 1) * w * stride * c],
  ]);
  return tf.reshape(rows, [n, h * stride, w * stride, c]);
}

/** ∂L/∂x as a convolution of the dilated dy with the reversed kernel. */
function convolveReversed(
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: Padding,
  [height, width]: readonly [number, number],
): tf.Tensor4D {
  const [kernelHeight, kernelWidth] = kernel.shape;
  const dilated = dilate(dy, stride);
  const flipped = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
  const top = kernelHeight - 1 - padding.top;
  const left = kernelWidth - 1 - padding.left;
  return convolve(dilated, flipped, 1, {
    top,
    left,
    bottom: height + kernelHeight - 1 - top - dilated.shape[1],
    right: width + kernelWidth - 1 - left - dilated.shape[2],
  });
}

/**
 * ∂L/∂x of {@link convolve}, [N, `height`, `width`, C]: also a transposed convolution of dy, to which `bias`, [C], is added where
 * there is one.
 */
export function convolveInputGradient(
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: Padding,
  size: readonly [height: number, width: number],
  bias?: tf.Tensor1D,
): tf.Tensor4D {
  if (bias) return tf.add(convolveInputGradient(dy, kernel, stride, padding, size), bias);
  if (!hasConvolutionGradients()) return convolveReversed(dy, kernel, stride, padding, size);
  const { top, bottom, left, right } = padding;
  const inputShape = [dy.shape[0], size[0] + top + bottom, size[1] + left + right, kernel.shape[2]];
  const attributes = { ...kernelAttributes(stride, 'valid'), inputShape };
  return padImage(runKernel(tf.Conv2DBackpropInput, { dy, filter: kernel }, attributes), negative(padding));
}

/** ∂L/∂kernel as a convolution in which batch and channels change places. */
function convolveExchanged(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [kernelHeight, kernelWidth]: readonly [number, number],
  stride: number,
  padding: Padding,
): tf.Tensor4D {
  const images = tf.transpose(padImage(x, padding), [3, 1, 2, 0]) as tf.Tensor4D;
  const filters = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const taps = tf.conv2d(images, filters, 1, 'valid', 'NHWC', stride);
  const [channels, , , outputs] = taps.shape;
  // With a stride the padded image can end beyond the last output's kernel.
  const exact = tf.slice(taps, [0, 0, 0, 0], [channels, kernelHeight, kernelWidth, outputs]);
  return tf.transpose(exact, [1, 2, 0, 3]) as tf.Tensor4D;
}

/** ∂L/∂kernel of {@link convolve}, of a kernel of `size` = [height, width]. */
export function convolveKernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  size: readonly [height: number, width: number],
  stride: number,
  padding: Padding,
): tf.Tensor4D {
  if (!hasConvolutionGradients()) return convolveExchanged(x, dy, size, stride, padding);
  const attributes = { ...kernelAttributes(stride, 'valid'), filterShape: [...size, x.shape[3], dy.shape[3]] };
  return runKernel(tf.Conv2DBackpropFilter, { x: padImage(x, padding), dy }, attributes);
}
