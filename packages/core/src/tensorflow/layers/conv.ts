import type * as tf from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../model/network/layer-shape.js';
import type { ConvSpec } from '../../model/network/layers/conv.js';
import { samePadding } from '../../model/network/padding.js';
import { required } from '../../model/network/required.js';
import { requireImage } from '../../model/network/requirements.js';
import { convolve, convolveInputGradient, convolveKernelGradient } from '../ops/convolution.js';
import type { Padding } from '../ops/pad-image.js';
import type { Layer } from './layer.js';
import { NormActivation } from './norm-activation.js';

/** A convolution with TensorFlow's SAME padding. */
export function conv({ name, spec, inputShape }: LayerShape<ConvSpec>): Layer {
  const { kernel, stride = 1 } = spec;
  requireImage(name, inputShape);
  const [height, width] = inputShape;
  const [top, bottom] = samePadding(height, kernel, stride);
  const [left, right] = samePadding(width, kernel, stride);
  const padding: Padding = { top, bottom, left, right };
  const end = new NormActivation(name, spec, `${name}.bias`);
  const weights = `${name}.weights`;
  return {
    forward(x, parameters) {
      const filter = required(parameters, weights) as tf.Tensor4D;
      const bias = required(parameters, `${name}.bias`) as tf.Tensor1D;
      const z = convolve(x as tf.Tensor4D, filter, stride, padding, bias);
      return end.forward(z, parameters);
    },
    backward(dy, x, result, parameters, sums) {
      const dz = end.backward(dy, result, parameters, sums) as tf.Tensor4D;
      sums.add(weights, convolveKernelGradient(x as tf.Tensor4D, dz, [kernel, kernel], stride, padding));
      const filter = required(parameters, weights) as tf.Tensor4D;
      return convolveInputGradient(dz, filter, stride, padding, [height, width]);
    },
  };
}
