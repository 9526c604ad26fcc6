import type * as tf from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../model/network/layer-shape.js';
import type { DenseSpec } from '../../model/network/layers/dense.js';
import { required } from '../../model/network/required.js';
import { addTransposedProduct, linear, timesTransposed } from '../ops/linear.js';
import type { Layer } from './layer.js';
import { NormActivation } from './norm-activation.js';

/** The affine map of a dense layer with its normalisation and activation. */
export function dense({ name, spec }: LayerShape<DenseSpec>): Layer {
  const end = new NormActivation(name, spec, `${name}.bias`);
  const weights = `${name}.weights`;
  const bias = `${name}.bias`;
  return {
    forward(x, parameters) {
      const matrix = required(parameters, weights) as tf.Tensor2D;
      return end.forward(linear(x as tf.Tensor2D, matrix, required(parameters, bias) as tf.Tensor1D), parameters);
    },
    backward(dy, x, result, parameters, sums) {
      const dz = end.backward(dy, result, parameters, sums) as tf.Tensor2D;
      addTransposedProduct(sums, weights, x as tf.Tensor2D, dz);
      return timesTransposed(dz, required(parameters, weights) as tf.Tensor2D);
    },
  };
}
