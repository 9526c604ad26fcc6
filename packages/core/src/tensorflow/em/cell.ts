import type * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec } from '../../model/network/parameter-spec.js';
import type { ParameterTensors } from '../layers/layer.js';
import type { GradientSums } from '../ops/gradient-sums.js';

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
