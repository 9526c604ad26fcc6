import type * as tf from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../model/network/layer-shape.js';
import type { ConvSpec } from '../../model/network/layers/conv.js';
import { samePadding } from '../../model/network/padding.js';
import type { Operations } from '../ops/operations.js';
import type { Padding } from '../ops/pad-image.js';
import type { Layer } from './layer.js';
import { NormActivation } from './norm-activation.js';

/** A convolution with TensorFlow's SAME padding. */
export function conv({ name, spec, inputShape }: LayerShape<ConvSpec>, operations: Operations): Layer {
  const { kernel, stride = 1 } = spec;
  const [height, width] = inputShape;
  const [top, bottom] = samePadding(height, kernel, stride);
  const [left, right] = samePadding(width, kernel, stride);
  const padding: Padding = { top, bottom, left, right };
  const end = new NormActivation(name, spec, operations);
  const weights = `${name}.weights`;
  return {
    forward(x, parameters) {
      const { [weights]: filter, [`${name}.bias`]: bias } = parameters;
      const z = operations.convolve(x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding, bias as tf.Tensor1D);
      return end.forward(z, parameters);
    },
    backward(dy, x, result, parameters, sums) {
      const dz = end.backward(dy, result, parameters, sums) as tf.Tensor4D;
      operations.addKernelGradient(sums, weights, x as tf.Tensor4D, dz, [kernel, kernel], stride, padding);
      return operations.convolveInputGradient(dz, parameters[weights] as tf.Tensor4D, stride, padding, [height, width]);
    },
  };
}
