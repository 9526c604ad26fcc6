import type * as tf from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../model/network/layer-shape.js';
import type { LayerSpec, LayerSpecOf } from '../../model/network/layer-types.js';
import type { GradientSums } from '../ops/gradient-sums.js';
import { conv } from './conv.js';
import { dense } from './dense.js';
import { inputNorm } from './input-norm.js';
import type { Layer, LayerResult, ParameterTensors } from './layer.js';
import { reshape } from './reshape.js';
import { resizeConv } from './resize-conv.js';

/** The function and gradient of each type of layer; {@link networkShape} has refused every other type. */
const layers: {
  readonly [T in LayerSpec['type']]: (shape: LayerShape<LayerSpecOf<T>>) => Layer;
} = {
  dense,
  conv,
  resizeConv,
  reshape,
  flatten: reshape,
  inputNorm,
};

// The union of the table's entries takes no single shape; the entry is the one of this shape's type.
const layer = (shape: LayerShape): Layer => (layers[shape.spec.type] as (shape: LayerShape) => Layer)(shape);

/** One layer's part of {@link LayerStack.forward}. */
interface Pass {
  readonly layer: Layer;
  readonly input: tf.Tensor;
  readonly result: LayerResult;
}

/** What {@link LayerStack.forward} gives, and keeps for the gradient. */
export interface StackResult {
  readonly y: tf.Tensor;
  readonly passes: readonly Pass[];
}

/** Layers one after the other. */
export class LayerStack {
  readonly #layers: readonly Layer[];

  constructor(shapes: readonly LayerShape[]) {
    this.#layers = shapes.map(layer);
  }

  forward(x: tf.Tensor, parameters: ParameterTensors): StackResult {
    const passes: Pass[] = [];
    let y = x;
    for (const next of this.#layers) {
      const result = next.forward(y, parameters);
      passes.push({ layer: next, input: y, result });
      y = result.y;
    }
    return { y, passes };
  }

  backward(dy: tf.Tensor, { passes }: StackResult, parameters: ParameterTensors, sums: GradientSums): tf.Tensor {
    let gradient = dy;
    for (const pass of [...passes].reverse()) {
      gradient = pass.layer.backward(gradient, pass.input, pass.result, parameters, sums);
    }
    return gradient;
  }
}
