import * as tf from '@tensorflow/tfjs-core';
import { hasGradientKernels, hasWasmKernels } from './lowering.js';

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

/** What the backend's own convolution kernels take. */
function kernelAttributes(stride: number, pad: ExplicitPadding | 'valid'): tf.NamedAttrMap {
  return { strides: [stride, stride], pad, dataFormat: 'NHWC', dilations: [1, 1] };
}

/** The padding as TensorFlow.js has it, or undefined where a kernel cannot take it. */
function explicitPadding({ top, bottom, left, right }: Padding): ExplicitPadding | undefined {
  if (!hasWasmKernels() || Math.min(top, bottom, left, right) < 0) return undefined;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

const runKernel = (name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor4D =>
  tf.engine().runKernel(name, inputs, attributes);

/** A convolution with explicit padding. x: [N, H, W, C], kernel: [k, l, C, O]. */
export function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: number, padding: Padding): tf.Tensor4D {
  const pad = explicitPadding(padding);
  if (pad) return runKernel(tf.Conv2D, { x, filter: kernel }, kernelAttributes(stride, pad));
  return tf.conv2d(padImage(x, padding), kernel, stride, 'valid');
}

/**
 * Puts `stride` − 1 rows and columns of zeros between those of `x`. By concatenation over reshaped axes: strided slices and
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

/**
 * Gradient of {@link convolve} by x, as a convolution of the dilated dy with the reversed kernel: it runs at forward speed,
 * where the WebAssembly backend's own kernel is ten times slower.
 */
export function convolveInputGradient(
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  stride: number,
  padding: Padding,
  [height, width]: readonly [number, number],
): tf.Tensor4D {
  const [kernelHeight, kernelWidth, channels] = kernel.shape;
  const pad = explicitPadding(padding);
  if (pad) {
    const inputShape = [dy.shape[0], height, width, channels];
    return runKernel(tf.Conv2DBackpropInput, { dy, filter: kernel }, { ...kernelAttributes(stride, pad), inputShape });
  }
  if (hasGradientKernels()) {
    const { top, bottom, left, right } = padding;
    const inputShape = [dy.shape[0], height + top + bottom, width + left + right, channels];
    const attributes = { ...kernelAttributes(stride, 'valid'), inputShape };
    const padded = runKernel(tf.Conv2DBackpropInput, { dy, filter: kernel }, attributes);
    return padImage(padded, { top: -top, bottom: -bottom, left: -left, right: -right });
  }
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

/** Gradient of {@link convolve} by the kernel, as a convolution in which batch and channels change places. */
export function convolveKernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [kernelHeight, kernelWidth]: readonly [number, number],
  stride: number,
  padding: Padding,
): tf.Tensor4D {
  const pad = explicitPadding(padding);
  const filterShape = [kernelHeight, kernelWidth, x.shape[3], dy.shape[3]];
  if (pad) return runKernel(tf.Conv2DBackpropFilter, { x, dy }, { ...kernelAttributes(stride, pad), filterShape });
  if (hasGradientKernels()) {
    const attributes = { ...kernelAttributes(stride, 'valid'), filterShape };
    return runKernel(tf.Conv2DBackpropFilter, { x: padImage(x, padding), dy }, attributes);
  }
  const images = tf.transpose(padImage(x, padding), [3, 1, 2, 0]) as tf.Tensor4D;
  const filters = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const taps = tf.conv2d(images, filters, 1, 'valid', 'NHWC', stride);
  const [channels, , , outputs] = taps.shape;
  // With a stride the padded image can end beyond the last output's kernel.
  const exact = tf.slice(taps, [0, 0, 0, 0], [channels, kernelHeight, kernelWidth, outputs]);
  return tf.transpose(exact, [1, 2, 0, 3]) as tf.Tensor4D;
}
