import type * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../model/network/activation-names.js';
import { required } from '../../model/network/required.js';
import { activate, activateGradient, activateGradientWithBias } from '../ops/activation.js';
import type { GradientSums } from '../ops/gradient-sums.js';
import { normActivate, normActivateGradient } from '../ops/layer-norm.js';
import type { LayerResult, ParameterTensors } from './layer.js';

/** The end of a layer with parameters: layer norm where asked for, with a gain and an offset per channel, then the activation. */
export class NormActivation {
  readonly #gain: string;
  readonly #offset: string;
  readonly #bias: string | undefined;
  readonly #activation: Activation;
  readonly #layerNorm: boolean;

  /**
   * @param bias the bias before it: `backward` adds its gradient, which is that of x summed up, to its sum. Default: none, the layer
   * adds it
   */
  constructor(
    name: string,
    { activation, layerNorm = false }: { activation: Activation; layerNorm?: boolean },
    bias?: string,
  ) {
    this.#gain = `${name}.gain`;
    this.#offset = `${name}.offset`;
    this.#bias = bias;
    this.#activation = activation;
    this.#layerNorm = layerNorm;
  }

  /** x: [rows, …, channels]. */
  forward(x: tf.Tensor, parameters: ParameterTensors): LayerResult {
    if (!this.#layerNorm) return { y: activate(this.#activation, x), saved: [] };
    const own = { gain: required(parameters, this.#gain), offset: required(parameters, this.#offset) };
    return normActivate(this.#activation, x, own);
  }

  /** ∂L/∂x, as dy. */
  backward(dy: tf.Tensor, result: LayerResult, parameters: ParameterTensors, sums: GradientSums): tf.Tensor {
    if (this.#layerNorm) {
      const names = { gain: this.#gain, offset: this.#offset, bias: this.#bias };
      const gain = required(parameters, this.#gain);
      return normActivateGradient(this.#activation, dy, result, gain, sums, names);
    }
    if (this.#bias) {
      return activateGradientWithBias(this.#activation, dy, result.y, sums, this.#bias);
    }
    return activateGradient(this.#activation, dy, result.y);
  }
}
