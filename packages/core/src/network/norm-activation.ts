import * as tf from '@tensorflow/tfjs-core';
import { LAYER_NORM_EPSILON } from '../epsilons.js';
import type { GradientSums } from '../ops/gradient-sums.js';
import { normalizeRows, normalizeRowsGradient } from '../ops/layer-norm.js';
import { activationFunction } from './activation.js';
import { elements, type LayerResult, type ParameterTensors, type SampleShape } from './layer.js';
import type { Activation } from './spec.js';

/** The end of a layer with parameters: layer norm where asked for, with a gain and an offset per channel, then the activation. */
export class NormActivation {
  readonly #shape: SampleShape;
  readonly #name: string;
  readonly #activation: ReturnType<typeof activationFunction>;
  readonly #layerNorm: boolean;

  /** @param shape of one sample; its last axis holds the channels */
  constructor(name: string, shape: SampleShape, activation: Activation, layerNorm: boolean) {
    this.#name = name;
    this.#shape = shape;
    this.#activation = activationFunction(activation);
    this.#layerNorm = layerNorm;
  }

  /** x: [rows, …shape]; saves the normalised rows and their scales. */
  forward(x: tf.Tensor, parameters: ParameterTensors): LayerResult {
    if (!this.#layerNorm) return { y: this.#activation.forward(x), saved: [] };
    const rows = x.shape[0];
    const { normalized, scale } = normalizeRows(tf.reshape(x, [rows, elements(this.#shape)]), LAYER_NORM_EPSILON);
    const channels = parameters[`${this.#name}.gain`].shape[0] as number;
    const affine = tf.add(
      tf.mul(tf.reshape(normalized, [-1, channels]), parameters[`${this.#name}.gain`]),
      parameters[`${this.#name}.offset`],
    );
    return { y: this.#activation.forward(tf.reshape(affine, [rows, ...this.#shape])), saved: [normalized, scale] };
  }

  /** ∂L/∂x, as dy. */
  backward(dy: tf.Tensor, { y, saved }: LayerResult, parameters: ParameterTensors, sums: GradientSums): tf.Tensor {
    const before = this.#activation.backward(dy, y);
    if (!this.#layerNorm) return before;
    const [normalized, scale] = saved as [tf.Tensor2D, tf.Tensor2D];
    const gain = parameters[`${this.#name}.gain`];
    const flat = tf.reshape(before, [-1, gain.shape[0] as number]);
    sums.add(`${this.#name}.gain`, tf.sum(tf.mul(flat, tf.reshape(normalized, flat.shape)), 0));
    sums.add(`${this.#name}.offset`, tf.sum(flat, 0));
    const normalizedGradient = tf.reshape(tf.mul(flat, gain), normalized.shape);
    return tf.reshape(normalizeRowsGradient(normalizedGradient as tf.Tensor2D, { normalized, scale }), dy.shape);
  }
}
