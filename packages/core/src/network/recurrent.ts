import * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from '../ops/gradient-sums.js';
import { linear, timesTransposed, transposedTimes } from '../ops/linear.js';
import { activationFunction } from './activation.js';
import type { LayerResult, ParameterTensors } from './layer.js';
import { NormActivation } from './norm-activation.js';
import type { RecurrentShape } from './shape.js';

export interface RecurrentResult {
  /** The layer's output, [rows, M]. */
  readonly output: tf.Tensor2D;
  /** The new h, [rows, M]. */
  readonly hidden: tf.Tensor2D;
  /** [input, previous h]. */
  readonly joined: tf.Tensor2D;
  readonly end: LayerResult;
}

/** The recurrent layer (method, section 4): z = [input, h] W + b, new h = activation(z), output = activation(norm(z)). */
export class Recurrent {
  readonly #inputSize: number;
  readonly #hiddenSize: number;
  readonly #activation: ReturnType<typeof activationFunction>;
  readonly #end: NormActivation;

  constructor({ spec, inputSize }: RecurrentShape) {
    this.#inputSize = inputSize;
    this.#hiddenSize = spec.size;
    this.#activation = activationFunction(spec.activation);
    this.#end = new NormActivation('recurrent', [spec.size], spec.activation, spec.layerNorm ?? false);
  }

  forward(input: tf.Tensor2D, hidden: tf.Tensor2D, parameters: ParameterTensors): RecurrentResult {
    const joined = tf.concat([input, hidden], 1);
    const z = linear(
      joined,
      parameters['recurrent.weights'] as tf.Tensor2D,
      parameters['recurrent.bias'] as tf.Tensor1D,
    );
    const end = this.#end.forward(z, parameters);
    return { output: end.y as tf.Tensor2D, hidden: this.#activation.forward(z) as tf.Tensor2D, joined, end };
  }

  /** Gradients by the layer's input and by the previous h, from those by its output and by the new h. */
  backward(
    outputGradient: tf.Tensor2D,
    hiddenGradient: tf.Tensor2D | undefined,
    result: RecurrentResult,
    parameters: ParameterTensors,
    sums: GradientSums,
  ): { input: tf.Tensor2D; hidden: tf.Tensor2D } {
    let dz = this.#end.backward(outputGradient, result.end, parameters, sums) as tf.Tensor2D;
    if (hiddenGradient) dz = tf.add(dz, this.#activation.backward(hiddenGradient, result.hidden));
    sums.add('recurrent.weights', transposedTimes(result.joined, dz));
    sums.add('recurrent.bias', tf.sum(dz, 0));
    const joined = timesTransposed(dz, parameters['recurrent.weights'] as tf.Tensor2D);
    return {
      input: tf.slice(joined, [0, 0], [-1, this.#inputSize]),
      hidden: tf.slice(joined, [0, this.#inputSize], [-1, this.#hiddenSize]),
    };
  }
}
