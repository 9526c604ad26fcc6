import * as tf from '@tensorflow/tfjs-core';
import {
  convolve,
  convolveInputGradient,
  convolveKernelGradient,
  type Padding,
  samePadding,
} from '../ops/convolution.js';
import { type Layer, NetworkError, type ParameterSpec, type SampleShape } from './layer.js';
import { NormActivation } from './norm-activation.js';
import type { ConvSpec } from './spec.js';

/** @throws NetworkError unless the shape is [height, width, channels] */
export function requireImage(name: string, shape: SampleShape): asserts shape is readonly [number, number, number] {
  if (shape.length !== 3) {
    throw new NetworkError(
      `${name} is a convolution but its input is [${shape.join(', ')}]: put a reshape layer to [height, width, channels] before it.`,
    );
  }
}

/** Kernel and bias of a convolution from `channels` to `outputs`. */
export function convolutionParameters(
  name: string,
  kernel: number,
  channels: number,
  outputs: number,
): ParameterSpec[] {
  return [
    { name: `${name}.weights`, shape: [kernel, kernel, channels, outputs], initializer: 'glorotUniform' },
    { name: `${name}.bias`, shape: [outputs], initializer: 'zeros' },
  ];
}

/** A convolution with TensorFlow's SAME padding. */
export function conv(name: string, spec: ConvSpec, inputShape: SampleShape): Layer {
  requireImage(name, inputShape);
  const { size, kernel, stride = 1 } = spec;
  const [height, width, channels] = inputShape;
  const [top, bottom] = samePadding(height, kernel, stride);
  const [left, right] = samePadding(width, kernel, stride);
  const padding: Padding = { top, bottom, left, right };
  const outputShape = [Math.ceil(height / stride), Math.ceil(width / stride), size];
  const end = new NormActivation(name, outputShape, spec.activation, spec.layerNorm ?? false);
  const weights = `${name}.weights`;
  return {
    outputShape,
    parameters: [...convolutionParameters(name, kernel, channels, size), ...end.parameters],
    forward: (x, parameters) =>
      end.forward(
        tf.add(
          convolve(x as tf.Tensor4D, parameters[weights] as tf.Tensor4D, stride, padding),
          parameters[`${name}.bias`],
        ),
        parameters,
      ),
    backward(dy, x, result, parameters, sums) {
      const dz = end.backward(dy, result, parameters, sums) as tf.Tensor4D;
      sums.add(weights, convolveKernelGradient(x as tf.Tensor4D, dz, [kernel, kernel], stride, padding));
      sums.add(`${name}.bias`, tf.sum(dz, [0, 1, 2]));
      return convolveInputGradient(dz, parameters[weights] as tf.Tensor4D, stride, padding, [height, width]);
    },
  };
}
