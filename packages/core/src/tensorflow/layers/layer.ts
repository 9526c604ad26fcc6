import type * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from '../ops/gradient-sums.js';

/** The tensors of all parameters by full name, e.g. `input.1.weights`. */
export type ParameterTensors = Readonly<Record<string, tf.Tensor>>;

/** A layer's output and what its gradient needs; the layer's input is kept by the caller. */
export interface LayerResult {
  readonly y: tf.Tensor;
  readonly saved: readonly tf.Tensor[];
}

/** One layer of a network: its function and its gradient. */
export interface Layer {
  /** x: [rows, …input shape]. */
  forward(x: tf.Tensor, parameters: ParameterTensors): LayerResult;
  /** Adds the parameters' gradients to `sums` and returns ∂L/∂x. */
  backward(
    dy: tf.Tensor,
    x: tf.Tensor,
    result: LayerResult,
    parameters: ParameterTensors,
    sums: GradientSums,
  ): tf.Tensor;
}
