import * as tf from '@tensorflow/tfjs-core';
import { activate, activateGradient, addChannelSums } from '../ops/activation.js';
import type { GradientSums } from '../ops/gradient-sums.js';
import { addTransposedProduct, linear, timesTransposed } from '../ops/linear.js';
import type { LayerResult, ParameterTensors } from './layer.js';
import { NormActivation } from './norm-activation.js';
import type { RecurrentShape } from './shape.js';
import type { Activation } from './spec.js';

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
  readonly #activation: Activation;
  readonly #layerNorm: boolean;
  readonly #end: NormActivation;

  constructor({ spec, inputSize }: RecurrentShape) {
    this.#inputSize = inputSize;
    this.#hiddenSize = spec.size;
    this.#activation = spec.activation;
    this.#layerNorm = spec.layerNorm ?? false;
    this.#end = new NormActivation('recurrent', spec, false);
  }

  forward(input: tf.Tensor2D, hidden: tf.Tensor2D, parameters: ParameterTensors): RecurrentResult {
    const joined = tf.concat([input, hidden], 1);
    const z = linear(
      joined,
      parameters['recurrent.weights'] as tf.Tensor2D,
      parameters['recurrent.bias'] as tf.Tensor1D,
    );
    const end = this.#end.forward(z, parameters);
    const output = end.y as tf.Tensor2D;
    const next = this.#layerNorm ? (activate(this.#activation, z) as tf.Tensor2D) : tf.clone(output);
    return { output, hidden: next, joined, end };
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
    if (hiddenGradient) dz = tf.add(dz, activateGradient(this.#activation, hiddenGradient, result.hidden));
    addTransposedProduct(sums, 'recurrent.weights', result.joined, dz);
    addChannelSums(sums, 'recurrent.bias', dz);
    const joined = timesTransposed(dz, parameters['recurrent.weights'] as tf.Tensor2D);
    return {
      input: tf.slice(joined, [0, 0], [-1, this.#inputSize]),
      hidden: tf.slice(joined, [0, this.#inputSize], [-1, this.#hiddenSize]),
    };
  }
}
