import type * as tf from '@tensorflow/tfjs-core';
import type { GradientSums } from '../ops/gradient-sums.js';
import { activationNames } from './activation.js';
import { conv } from './conv.js';
import { dense } from './dense.js';
import { inputNorm } from './input-norm.js';
import {
  elements,
  type Layer,
  type LayerResult,
  NetworkError,
  type ParameterTensors,
  type SampleShape,
} from './layer.js';
import { reshape } from './reshape.js';
import { resizeConv } from './resize-conv.js';
import type { LayerSpec } from './spec.js';

/** @throws NetworkError unless `value` is an integer of at least 1 */
export function requireSize(name: string, field: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new NetworkError(`${field} of ${name} is ${value}: give an integer of at least 1.`);
  }
}

/** @throws NetworkError for an activation that does not exist */
export function requireActivation(name: string, activation: string): void {
  if (!activationNames.some((known) => known === activation)) {
    throw new NetworkError(`the activation of ${name} is '${activation}': use one of ${activationNames.join(', ')}.`);
  }
}

function requireLayer(name: string, spec: LayerSpec): void {
  if ('activation' in spec) requireActivation(name, spec.activation);
  for (const field of ['size', 'kernel', 'stride', 'scale'] as const) {
    const value = (spec as Partial<Record<typeof field, number>>)[field];
    if (value !== undefined) requireSize(name, field, value);
  }
  if (spec.type === 'reshape') for (const size of spec.shape) requireSize(name, 'shape', size);
}

function layer(name: string, spec: LayerSpec, inputShape: SampleShape): Layer {
  requireLayer(name, spec);
  switch (spec.type) {
    case 'dense':
      return dense(name, spec, inputShape);
    case 'conv':
      return conv(name, spec, inputShape);
    case 'resizeConv':
      return resizeConv(name, spec, inputShape);
    case 'reshape':
      return reshape(name, spec.shape, inputShape);
    case 'flatten':
      return reshape(name, [elements(inputShape)], inputShape);
    case 'inputNorm':
      return inputNorm(inputShape);
    default:
      throw new NetworkError(
        `${name} has the unknown type '${String((spec as { type: unknown }).type)}': use dense, conv, resizeConv, reshape, flatten or inputNorm.`,
      );
  }
}

/** What {@link LayerStack.forward} keeps for the gradient: each layer's input and result. */
export interface StackResult {
  readonly y: tf.Tensor;
  readonly inputs: readonly tf.Tensor[];
  readonly results: readonly LayerResult[];
}

/** Layers one after the other. */
export class LayerStack {
  readonly layers: readonly Layer[];
  readonly outputShape: SampleShape;

  /** @param prefix of the parameters' names: layer i is `prefix.i` */
  constructor(prefix: string, specs: readonly LayerSpec[], inputShape: SampleShape) {
    let shape = inputShape;
    this.layers = specs.map((spec, i) => {
      const next = layer(`${prefix}.${i}`, spec, shape);
      shape = next.outputShape;
      return next;
    });
    this.outputShape = shape;
  }

  forward(x: tf.Tensor, parameters: ParameterTensors): StackResult {
    const inputs: tf.Tensor[] = [];
    const results: LayerResult[] = [];
    let y = x;
    for (const next of this.layers) {
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
    for (let i = this.layers.length - 1; i >= 0; i--) {
      gradient = this.layers[i].backward(gradient, inputs[i], results[i], parameters, sums);
    }
    return gradient;
  }
}
