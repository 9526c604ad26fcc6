import type * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from '../ops/gradient-sums.js';
import { conv } from './conv.js';
import { dense } from './dense.js';
import { inputNorm } from './input-norm.js';
import type { Layer, LayerResult, ParameterTensors } from './layer.js';
import { reshape } from './reshape.js';
import { resizeConv } from './resize-conv.js';
import type { LayerShape } from './shape.js';
import type { LayerSpec } from './spec.js';

function is<T extends LayerSpec['type']>(
  shape: LayerShape,
  type: T,
): shape is LayerShape<Extract<LayerSpec, { type: T }>> {
  return shape.spec.type === type;
}

function layer(shape: LayerShape): Layer {
  if (is(shape, 'dense')) return dense(shape);
  if (is(shape, 'conv')) return conv(shape);
  if (is(shape, 'resizeConv')) return resizeConv(shape);
  if (is(shape, 'inputNorm')) return inputNorm(shape.inputShape);
  return reshape(shape);
}

/** What {@link LayerStack.forward} keeps for the gradient: each layer's input and result. */
export interface StackResult {
  readonly y: tf.Tensor;
  readonly inputs: readonly tf.Tensor[];
  readonly results: readonly LayerResult[];
}

/** Layers one after the other. */
export class LayerStack {
  readonly #layers: readonly Layer[];

  constructor(shapes: readonly LayerShape[]) {
    this.#layers = shapes.map(layer);
  }

  forward(x: tf.Tensor, parameters: ParameterTensors): StackResult {
    const inputs: tf.Tensor[] = [];
    const results: LayerResult[] = [];
    let y = x;
    for (const next of this.#layers) {
      inputs.push(y);
      const result = next.forward(y, parameters);
      results.push(result);
      y = result.y;
    }
    return { y, inputs, results };
  }

  backward(
    dy: tf.Tensor,
    { inputs, results }: StackResult,
    parameters: ParameterTensors,
    sums: GradientSums,
  ): tf.Tensor {
    let gradient = dy;
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      gradient = this.#layers[i].backward(gradient, inputs[i], results[i], parameters, sums);
    }
    return gradient;
  }
}
