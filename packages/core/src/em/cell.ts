import type * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec, ParameterTensors } from '../network/layer.js';
import { networkShape } from '../network/shape.js';
import type { NetworkSpec } from '../network/spec.js';
import type { GradientSums } from '../ops/gradient-sums.js';
import { nemCell } from './n-em.js';
import { rnnEmCell } from './rnn-em.js';

/** One step's outputs; `saved` is what the cell's gradient needs. Rows are batch · components, component fastest. */
export interface CellResult {
  /** ψ, [rows, pixels]. */
  readonly prediction: tf.Tensor2D;
  /** h (θ for N-EM), [rows, M]. */
  readonly hidden: tf.Tensor2D;
  /** Nested containers of tensors, as `tf.tidy` keeps them. */
  readonly saved: tf.TensorContainer;
}

/** The M-step as a function with a gradient: from γ ⊙ (x̃ − ψ) and h to the new ψ and h. */
export interface Cell {
  readonly hiddenSize: number;
  readonly parameters: readonly ParameterSpec[];
  forward(input: tf.Tensor2D, hidden: tf.Tensor2D, parameters: ParameterTensors): CellResult;
  /** `hidden` is absent at the last step, after which h is not used. */
  backward(
    gradient: { prediction: tf.Tensor2D; hidden: tf.Tensor2D | undefined },
    result: CellResult,
    parameters: ParameterTensors,
    sums: GradientSums,
  ): { input: tf.Tensor2D; hidden: tf.Tensor2D };
}

/**
 * The cell of a network for images of `pixels` pixels.
 * @throws NetworkError for a network that cannot be built or whose output is not an image
 */
export function createCell(network: NetworkSpec, pixels: number): Cell {
  const shape = networkShape(network, pixels);
  return shape.type === 'n-em' ? nemCell(shape) : rnnEmCell(shape, pixels);
}
