import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../model/network/activation-names.js';
import type { RecurrentShape } from '../../model/network/recurrent.js';
import { required } from '../../model/network/required.js';
import { activate, activateGradient, addChannelSums } from '../ops/activation.js';
import type { GradientSums } from '../ops/gradient-sums.js';
import { addTransposedProduct, linear, timesTransposed } from '../ops/linear.js';
import type { LayerResult, ParameterTensors } from './layer.js';
import { NormActivation } from './norm-activation.js';

export interface RecurrentResult {
  /** The layer's output, [rows, M]. */
  readonly output: tf.Tensor2D;
  /** The new h, [rows, M]. */
  readonly hidden: tf.Tensor2D;
  /** Input and previous h side by side, [rows, in + M]. */
  readonly joined: tf.Tensor2D;
  readonly end: LayerResult;
}

/** The recurrent layer (method, section 4): z = [input, h] W + b, new h = activation(z), output = activation(norm(z)). */
export class Recurrent {
  readonly #inputSize: number;
  readonly #activation: Activation;
  readonly #layerNorm: boolean;
  readonly #end: NormActivation;

  constructor({ spec, inputSize }: RecurrentShape) {
    this.#inputSize = inputSize;
    this.#activation = spec.activation;
    this.#layerNorm = spec.layerNorm ?? false;
    this.#end = new NormActivation('recurrent', spec);
  }

  forward(input: tf.Tensor2D, hidden: tf.Tensor2D, parameters: ParameterTensors): RecurrentResult {
    const weights = required(parameters, 'recurrent.weights') as tf.Tensor2D;
    const bias = required(parameters, 'recurrent.bias') as tf.Tensor1D;
    const joined = tf.concat([input, hidden], 1);
    const z = linear(joined, weights, bias);
    const end = this.#end.forward(z, parameters);
    const output = end.y as tf.Tensor2D;
    const next = this.#layerNorm ? (activate(this.#activation, z) as tf.Tensor2D) : tf.clone(output);
    return { output, hidden: next, joined, end };
  }

  /** Gradients with respect to the layer's input and the previous h, from those with respect to its output and the new h. */
  backward(
    outputGradient: tf.Tensor2D,
    hiddenGradient: tf.Tensor2D | undefined,
    { hidden, joined, end }: RecurrentResult,
    parameters: ParameterTensors,
    sums: GradientSums,
  ): { input: tf.Tensor2D; hidden: tf.Tensor2D } {
    let dz = this.#end.backward(outputGradient, end, parameters, sums) as tf.Tensor2D;
    if (hiddenGradient) dz = tf.add(dz, activateGradient(this.#activation, hiddenGradient, hidden));
    addChannelSums(sums, 'recurrent.bias', dz);
    addTransposedProduct(sums, 'recurrent.weights', joined, dz);
    const gradient = timesTransposed(dz, required(parameters, 'recurrent.weights') as tf.Tensor2D);
    return {
      input: tf.slice(gradient, [0, 0], [-1, this.#inputSize]),
      hidden: tf.slice(gradient, [0, this.#inputSize], [-1, -1]),
    };
  }
}
