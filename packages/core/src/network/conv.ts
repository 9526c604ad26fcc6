import * as tf from '@tensorflow/tfjs-core';
import { convolve, convolveInputGradient, convolveKernelGradient, type Padding } from '../ops/convolution.js';
import type { Layer } from './layer.js';
import { NormActivation } from './norm-activation.js';
import { samePadding } from './padding.js';
import type { LayerShape } from './shape.js';
import type { ConvSpec } from './spec.js';

/** A convolution with TensorFlow's SAME padding. */
export function conv({ name, spec, inputShape, outputShape }: LayerShape<ConvSpec>): Layer {
  const { kernel, stride = 1 } = spec;
  const [height, width] = inputShape;
  const [top, bottom] = samePadding(height, kernel, stride);
  const [left, right] = samePadding(width, kernel, stride);
  const padding: Padding = { top, bottom, left, right };
  const end = new NormActivation(name, outputShape, spec.activation, spec.layerNorm ?? false);
  const weights = `${name}.weights`;
  return {
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
