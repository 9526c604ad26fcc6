import * as tf from '@tensorflow/tfjs-core';
import { KERNELS, runKernel } from '../kernels.js';
import type { Operations } from '../operations.js';
import { type ExplicitPadding, kernelAttributes, negative, type Padding, padImage } from '../pad-image.js';

// The kernels take explicit padding, which the backends' own do not all take; it cannot cut.

const NONE: Padding = { top: 0, bottom: 0, left: 0, right: 0 };
const cuts = ({ top, bottom, left, right }: Padding) => Math.min(top, bottom, left, right) < 0;
const explicit = ({ top, bottom, left, right }: Padding): ExplicitPadding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

export const convolve: Operations['convolve'] = (x, kernel, stride, padding, bias) => {
  if (cuts(padding)) return convolve(padImage(x, padding), kernel, stride, NONE, bias);
  const attributes = { ...kernelAttributes(stride, explicit(padding)), activation: 'linear' };
  return runKernel(bias ? tf.FusedConv2D : tf.Conv2D, { x, filter: kernel, bias }, attributes);
};

export const convolveInputGradient: Operations['convolveInputGradient'] = (
  dy,
  kernel,
  stride,
  padding,
  [height, width],
  bias,
) => {
  if (cuts(padding)) {
    const { top, bottom, left, right } = padding;
    const size = [height + top + bottom, width + left + right] as const;
    const padded = convolveInputGradient(dy, kernel, stride, NONE, size);
    const dx = padImage(padded, negative(padding));
    return bias ? tf.add(dx, bias) : dx;
  }
  const inputShape = [dy.shape[0], height, width, kernel.shape[2]];
  const attributes = { ...kernelAttributes(stride, explicit(padding)), inputShape };
  const name = bias ? KERNELS.transposedConvolution : tf.Conv2DBackpropInput;
  return runKernel(name, { dy, filter: kernel, bias }, attributes);
};

export const convolveKernelGradient: Operations['convolveKernelGradient'] = (x, dy, size, stride, padding) => {
  if (cuts(padding)) return convolveKernelGradient(padImage(x, padding), dy, size, stride, NONE);
  const filterShape = [...size, x.shape[3], dy.shape[3]];
  return runKernel(tf.Conv2DBackpropFilter, { x, dy }, { ...kernelAttributes(stride, explicit(padding)), filterShape });
};

export const addKernelGradient: Operations['addKernelGradient'] = (sums, name, x, dy, size, stride, padding) => {
  if (cuts(padding)) return addKernelGradient(sums, name, padImage(x, padding), dy, size, stride, NONE);
  const sum = sums.accumulator(name, [...size, x.shape[3], dy.shape[3]]);
  runKernel(KERNELS.addKernelGradient, { sum, x, dy }, kernelAttributes(stride, explicit(padding)));
};
