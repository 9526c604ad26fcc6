import * as tf from '@tensorflow/tfjs-core';
import type { RnnEmShape } from '../../model/network/rnn-em.js';
import { Recurrent, type RecurrentResult } from '../layers/recurrent.js';
import { LayerStack, type StackResult } from '../layers/stack.js';
import type { Cell } from './cell.js';

interface Saved {
  readonly encoded: StackResult;
  readonly recurrent: RecurrentResult;
  readonly decoded: StackResult;
}

/** RNN-EM's learned M-step: input layers, the recurrent layer, output layers (method, section 1). */
export function rnnEmCell(shape: RnnEmShape, pixels: number): Cell {
  const encoder = new LayerStack(shape.input);
  const recurrent = new Recurrent(shape.recurrent);
  const decoder = new LayerStack(shape.output);
  return {
    hiddenSize: shape.hiddenSize,
    parameters: shape.parameters,
    forward(input, hidden, parameters) {
      const encoded = encoder.forward(input, parameters);
      const middle = recurrent.forward(encoded.y as tf.Tensor2D, hidden, parameters);
      const decoded = decoder.forward(middle.output, parameters);
      const saved: Saved = { encoded, recurrent: middle, decoded };
      return {
        prediction: tf.reshape(decoded.y, [-1, pixels]),
        hidden: middle.hidden,
        saved: saved as unknown as tf.TensorContainer,
      };
    },
    backward(gradient, result, parameters, sums) {
      const { encoded, recurrent: middle, decoded } = result.saved as unknown as Saved;
      const dy = tf.reshape(gradient.prediction, decoded.y.shape);
      const output = decoder.backward(dy, decoded, parameters, sums) as tf.Tensor2D;
      const { input, hidden } = recurrent.backward(output, gradient.hidden, middle, parameters, sums);
      return { input: encoder.backward(input, encoded, parameters, sums) as tf.Tensor2D, hidden };
    },
  };
}
