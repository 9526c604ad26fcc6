import * as tf from '@tensorflow/tfjs-core';
import { resizeConvolve, resizeConvolveGradients } from '../ops/resize-convolution.js';
import type { Layer } from './layer.js';
import { NormActivation } from './norm-activation.js';
import type { LayerShape } from './shape.js';
import type { ResizeConvSpec } from './spec.js';

/** Nearest-neighbour enlargement and a convolution, folded into one. */
export function resizeConv({ name, spec, outputShape }: LayerShape<ResizeConvSpec>): Layer {
  const { scale = 2 } = spec;
  const end = new NormActivation(name, outputShape, spec.activation, spec.layerNorm ?? false);
  const weights = `${name}.weights`;
  return {
    forward: (x, parameters) =>
      end.forward(
        tf.add(resizeConvolve(x as tf.Tensor4D, parameters[weights] as tf.Tensor4D, scale), parameters[`${name}.bias`]),
        parameters,
      ),
    backward(dy, x, result, parameters, sums) {
      const dz = end.backward(dy, result, parameters, sums) as tf.Tensor4D;
      const gradients = resizeConvolveGradients(x as tf.Tensor4D, parameters[weights] as tf.Tensor4D, dz, scale);
      sums.add(weights, gradients.kernel);
      sums.add(`${name}.bias`, tf.sum(dz, [0, 1, 2]));
      return gradients.x;
    },
  };
}
