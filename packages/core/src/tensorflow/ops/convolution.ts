import * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from './gradient-sums.js';
import { hasKernels, KERNELS, runKernel } from './kernels.js';
import { hasConvolutionGradients } from './lowering.js';

type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

/** Zeros around an image, or zeros cut from it where negative. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Adds zeros where an amount is positive and cuts where it is negative. */
export function padImage(x: tf.Tensor4D, { top, bottom, left, right }: Padding): tf.Tensor4D {
  const padded = tf.pad(x, [
    [0, 0],
    [Math.max(top, 0), Math.max(bottom, 0)],
    [Math.max(left, 0), Math.max(right, 0)],
    [0, 0],
  ]);
  if (Math.min(top, bottom, left, right) >= 0) return padded;
  const cut = (amount: number) => Math.max(-amount, 0);
  const [batch, height, width, channels] = padded.shape;
  return tf.slice(
    padded,
    [0, cut(top), cut(left), 0],
    [batch, height - cut(top) - cut(bottom), width - cut(left) - cut(right), channels],
  );
}

const negative = ({ top, bottom, left, right }: Padding): Padding => ({
  top: -top,
  bottom: -bottom,
  left: -left,
  right: -right,
});

/** What the backend's own convolution kernels take. */
function kernelAttributes(stride: number, pad: ExplicitPadding | 'valid'): tf.NamedAttrMap {
  return { strides: [stride, stride], pad, dataFormat: 'NHWC', dilations: [1, 1] };
}

/** The padding as TensorFlow.js has it, which only this package's kernels take on every backend; undefined elsewhere. */
function explicitPadding({ top, bottom, left, right }: Padding): ExplicitPadding | undefined {
  if (!hasKernels() || Math.min(top, bottom, left, right) < 0) return undefined;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/**
 * A convolution with explicit padding, plus a bias where there is one. x: [N, H, W, C], kernel: [k, l, C, O], bias: [O].
 */
export function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: Padding,
  bias?: tf.Tensor1D,
): tf.Tensor4D {
  const pad = explicitPadding(padding);
  if (pad) {
    const name = bias ? tf.FusedConv2D : tf.Conv2D;
    return runKernel(name, { x, filter: kernel, bias }, { ...kernelAttributes(stride, pad), activation: 'linear' });
  }
  const padded = padImage(x, padding);
  return bias
    ? (tf.fused.conv2d({ x: padded, filter: kernel, strides: stride, pad: 'valid', bias }) as tf.Tensor4D)
    : tf.conv2d(padded, kernel, stride, 'valid');
}

/**
 * Puts `stride` − 1 rows and columns of zeros between those of `x`. By padding of reshaped axes: strided slices and
 * transposes of high rank are slow on the WebAssembly backend.
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

/** {@link convolveInputGradient} as a convolution of the dilated dy with the reversed kernel. */
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
 * Gradient of {@link convolve} by x, [N, `height`, `width`, C]: also a transposed convolution of dy, to which `bias`, [C], is
 * added where there is one.
 */
export function convolveInputGradient(
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: Padding,
  [height, width]: readonly [number, number],
  bias?: tf.Tensor1D,
): tf.Tensor4D {
  const [images] = dy.shape;
  const [, , channels] = kernel.shape;
  const pad = explicitPadding(padding);
  if (pad) {
    const attributes = { ...kernelAttributes(stride, pad), inputShape: [images, height, width, channels] };
    const name = bias ? KERNELS.transposedConvolution : tf.Conv2DBackpropInput;
    return runKernel(name, { dy, filter: kernel, bias }, attributes);
  }
  if (bias) return tf.add(convolveInputGradient(dy, kernel, stride, padding, [height, width]), bias);
  if (!hasConvolutionGradients()) return convolveReversed(dy, kernel, stride, padding, [height, width]);
  const { top, bottom, left, right } = padding;
  const inputShape = [images, height + top + bottom, width + left + right, channels];
  const attributes = { ...kernelAttributes(stride, 'valid'), inputShape };
  return padImage(runKernel(tf.Conv2DBackpropInput, { dy, filter: kernel }, attributes), negative(padding));
}

/** {@link addKernelGradient} as a convolution in which batch and channels change places. */
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

/** Gradient of {@link convolve} by the kernel. */
export function convolveKernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  size: readonly [number, number],
  stride: number,
  padding: Padding,
): tf.Tensor4D {
  const filterShape = [...size, x.shape[3], dy.shape[3]];
  const pad = explicitPadding(padding);
  if (pad) return runKernel(tf.Conv2DBackpropFilter, { x, dy }, { ...kernelAttributes(stride, pad), filterShape });
  if (!hasConvolutionGradients()) return convolveExchanged(x, dy, size, stride, padding);
  const attributes = { ...kernelAttributes(stride, 'valid'), filterShape };
  return runKernel(tf.Conv2DBackpropFilter, { x: padImage(x, padding), dy }, attributes);
}

/** Adds the gradient of {@link convolve} by the kernel to its sum. */
export function addKernelGradient(
  sums: GradientSums,
  name: string,
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  size: readonly [number, number],
  stride: number,
  padding: Padding,
): void {
  const pad = explicitPadding(padding);
  if (pad) {
    const sum = sums.accumulator(name, [...size, x.shape[3], dy.shape[3]]);
    runKernel(KERNELS.addKernelGradient, { sum, x, dy }, kernelAttributes(stride, pad));
  } else sums.add(name, convolveKernelGradient(x, dy, size, stride, padding));
}
