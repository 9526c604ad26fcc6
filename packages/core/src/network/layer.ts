import type * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from '../ops/gradient-sums.js';

/** Shape of one sample, without the batch axis. */
export type SampleShape = readonly number[];

/** How a parameter starts (method, section 4). */
export type Initializer = 'zeros' | 'ones' | 'glorotUniform';

/** A parameter's name within its layer, its shape and its start. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

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

/** A network, layer or parameter that cannot be built; the message names it and what to do. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** Number of elements of a shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
