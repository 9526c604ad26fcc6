import type * as tf from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../model/network/layer-shape.js';
import type { ResizeConvSpec } from '../../model/network/layers/resize-conv.js';
import { required } from '../../model/network/required.js';
import { resizeConvolve, resizeConvolveGradient } from '../ops/resize-convolution.js';
import type { Layer } from './layer.js';
import { NormActivation } from './norm-activation.js';

/** Nearest-neighbour enlargement and a convolution, folded into one. */
export function resizeConv({ name, spec }: LayerShape<ResizeConvSpec>): Layer {
  const { scale = 2 } = spec;
  const end = new NormActivation(name, spec, `${name}.bias`);
  const weights = `${name}.weights`;
  return {
    forward(x, parameters) {
      const kernel = required(parameters, weights) as tf.Tensor4D;
      const bias = required(parameters, `${name}.bias`) as tf.Tensor1D;
      return end.forward(resizeConvolve(x as tf.Tensor4D, kernel, scale, bias), parameters);
    },
    backward(dy, x, result, parameters, sums) {
      const dz = end.backward(dy, result, parameters, sums) as tf.Tensor4D;
      const kernel = required(parameters, weights) as tf.Tensor4D;
      return resizeConvolveGradient(x as tf.Tensor4D, kernel, dz, scale, sums, weights);
    },
  };
}
