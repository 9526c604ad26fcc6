import type * as tf from '@tensorflow/tfjs-core';
import { sum } from '@tensorflow/tfjs-core';
import { linear, timesTransposed, transposedTimes } from '../ops/linear.js';
import { type Layer, NetworkError, type SampleShape } from './layer.js';
import { NormActivation } from './norm-activation.js';
import type { DenseSpec } from './spec.js';

/** The affine map of a dense layer with its normalisation and activation. */
export function dense(name: string, spec: DenseSpec, inputShape: SampleShape): Layer {
  if (inputShape.length !== 1) {
    throw new NetworkError(
      `${name} is dense but its input is [${inputShape.join(', ')}]: put a flatten layer before it.`,
    );
  }
  const end = new NormActivation(name, [spec.size], spec.activation, spec.layerNorm ?? false);
  const weights = `${name}.weights`;
  const bias = `${name}.bias`;
  return {
    outputShape: [spec.size],
    parameters: [
      { name: weights, shape: [inputShape[0], spec.size], initializer: 'glorotUniform' },
      { name: bias, shape: [spec.size], initializer: 'zeros' },
      ...end.parameters,
    ],
    forward: (x, parameters) =>
      end.forward(
        linear(x as tf.Tensor2D, parameters[weights] as tf.Tensor2D, parameters[bias] as tf.Tensor1D),
        parameters,
      ),
    backward(dy, x, result, parameters, sums) {
      const dz = end.backward(dy, result, parameters, sums) as tf.Tensor2D;
      sums.add(weights, transposedTimes(x as tf.Tensor2D, dz));
      sums.add(bias, sum(dz, 0));
      return timesTransposed(dz, parameters[weights] as tf.Tensor2D);
    },
  };
}
