import { activationNames } from '../ops/activation-names.js';
import { elements, NetworkError, type ParameterSpec, type SampleShape } from './layer.js';
import type { ConvSpec, LayerSpec, NetworkSpec, RecurrentSpec, ResizeConvSpec, RnnEmSpec } from './spec.js';

/** A layer with the shapes and the parameters that its place in a network gives it. */
export interface LayerShape<S extends LayerSpec = LayerSpec> {
  /** Prefix of its parameters' names, e.g. `input.1`. */
  readonly name: string;
  readonly spec: S;
  readonly inputShape: SampleShape;
  readonly outputShape: SampleShape;
  readonly parameters: readonly ParameterSpec[];
}

/** The recurrent layer with its place in a network. */
export interface RecurrentShape {
  readonly spec: RecurrentSpec;
  readonly inputSize: number;
  readonly parameters: readonly ParameterSpec[];
}

/** An RNN-EM network with its shapes. */
export interface RnnEmShape {
  readonly type: 'rnn-em';
  readonly input: readonly LayerShape[];
  readonly recurrent: RecurrentShape;
  readonly output: readonly LayerShape[];
  /** M. */
  readonly hiddenSize: number;
  /** Of all layers, in order: the order decides each parameter's key at the start. */
  readonly parameters: readonly ParameterSpec[];
}

/** An N-EM network with its parameters. */
export interface NemShape {
  readonly type: 'n-em';
  readonly hiddenSize: number;
  readonly parameters: readonly ParameterSpec[];
}

export type NetworkShape = RnnEmShape | NemShape;

/** @throws NetworkError unless `value` is an integer of at least 1 */
export function requireSize(name: string, field: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new NetworkError(`${field} of ${name} is ${value}: give an integer of at least 1.`);
  }
}

/** @throws NetworkError for an activation that does not exist */
function requireActivation(name: string, activation: string): void {
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

/** @throws NetworkError unless the shape is [height, width, channels] */
function requireImage(name: string, shape: SampleShape): asserts shape is readonly [number, number, number] {
  if (shape.length !== 3) {
    throw new NetworkError(
      `${name} is a convolution but its input is [${shape.join(', ')}]: put a reshape layer to [height, width, channels] before it.`,
    );
  }
}

/** Gain and offset of a layer norm over `channels`, where there is one. */
function normParameters(name: string, channels: number, layerNorm = false): ParameterSpec[] {
  if (!layerNorm) return [];
  return [
    { name: `${name}.gain`, shape: [channels], initializer: 'ones' },
    { name: `${name}.offset`, shape: [channels], initializer: 'zeros' },
  ];
}

/** Weights of `shape`, whose last axis holds the outputs, then the bias and the layer norm's parameters. */
function affineParameters(name: string, shape: readonly number[], layerNorm?: boolean): ParameterSpec[] {
  const outputs = shape[shape.length - 1];
  return [
    { name: `${name}.weights`, shape, initializer: 'glorotUniform' },
    { name: `${name}.bias`, shape: [outputs], initializer: 'zeros' },
    ...normParameters(name, outputs, layerNorm),
  ];
}

function denseShape(name: string, spec: LayerSpec & { type: 'dense' }, inputShape: SampleShape) {
  if (inputShape.length !== 1) {
    throw new NetworkError(
      `${name} is dense but its input is [${inputShape.join(', ')}]: put a flatten layer before it.`,
    );
  }
  return {
    outputShape: [spec.size],
    parameters: affineParameters(name, [inputShape[0], spec.size], spec.layerNorm),
  };
}

function convShape(name: string, spec: ConvSpec | ResizeConvSpec, inputShape: SampleShape) {
  requireImage(name, inputShape);
  const { size, kernel, layerNorm } = spec;
  const [height, width, channels] = inputShape;
  const stride = spec.type === 'conv' ? (spec.stride ?? 1) : 1;
  const scale = spec.type === 'conv' ? 1 : (spec.scale ?? 2);
  return {
    outputShape: [Math.ceil(height / stride) * scale, Math.ceil(width / stride) * scale, size],
    parameters: affineParameters(name, [kernel, kernel, channels, size], layerNorm),
  };
}

function reshapeShape(name: string, outputShape: SampleShape, inputShape: SampleShape) {
  if (elements(outputShape) !== elements(inputShape)) {
    throw new NetworkError(
      `${name} makes [${outputShape.join(', ')}] of [${inputShape.join(', ')}]: give a shape of ${elements(inputShape)} elements.`,
    );
  }
  return { outputShape, parameters: [] };
}

function place(name: string, spec: LayerSpec, inputShape: SampleShape) {
  requireLayer(name, spec);
  switch (spec.type) {
    case 'dense':
      return denseShape(name, spec, inputShape);
    case 'conv':
    case 'resizeConv':
      return convShape(name, spec, inputShape);
    case 'reshape':
      return reshapeShape(name, spec.shape, inputShape);
    case 'flatten':
      return reshapeShape(name, [elements(inputShape)], inputShape);
    case 'inputNorm':
      return { outputShape: inputShape, parameters: [] };
    default:
      throw new NetworkError(
        `${name} has the unknown type '${String((spec as { type: unknown }).type)}': use dense, conv, resizeConv, reshape, flatten or inputNorm.`,
      );
  }
}

/** Shape after the last of `layers`. */
export function outputShape(layers: readonly LayerShape[], inputShape: SampleShape): SampleShape {
  return layers.length === 0 ? inputShape : layers[layers.length - 1].outputShape;
}

function stackShape(prefix: string, specs: readonly LayerSpec[], inputShape: SampleShape): LayerShape[] {
  const layers: LayerShape[] = [];
  for (const [i, spec] of specs.entries()) {
    const from = outputShape(layers, inputShape);
    const name = `${prefix}.${i}`;
    layers.push({ name, spec, inputShape: from, ...place(name, spec, from) });
  }
  return layers;
}

function recurrentShape(spec: RecurrentSpec, inputShape: SampleShape): RecurrentShape {
  requireSize('recurrent', 'size', spec.size);
  requireActivation('recurrent', spec.activation);
  if (inputShape.length !== 1) {
    throw new NetworkError(
      `the recurrent layer's input is [${inputShape.join(', ')}]: end the input layers with flatten or dense.`,
    );
  }
  const inputSize = inputShape[0];
  const parameters = affineParameters('recurrent', [inputSize + spec.size, spec.size], spec.layerNorm);
  return { spec, inputSize, parameters };
}

function rnnEmShape(network: RnnEmSpec, pixels: number): RnnEmShape {
  const input = stackShape('input', network.input, [pixels]);
  const recurrent = recurrentShape(network.recurrent, outputShape(input, [pixels]));
  const output = stackShape('output', network.output, [network.recurrent.size]);
  const last = outputShape(output, [network.recurrent.size]);
  if (elements(last) !== pixels) {
    throw new NetworkError(
      `the network gives [${last.join(', ')}] for images of ${pixels} pixels: make its last layer give ${pixels}.`,
    );
  }
  const parameters = [...input, recurrent, ...output].flatMap((layer) => layer.parameters);
  return { type: 'rnn-em', input, recurrent, output, hiddenSize: network.recurrent.size, parameters };
}

/**
 * The shapes and parameters of a network for images of `pixels` pixels.
 * @throws NetworkError for a network that cannot be built or whose output is not an image
 */
export function networkShape(network: NetworkSpec, pixels: number): NetworkShape {
  if (network.type === 'rnn-em') return rnnEmShape(network, pixels);
  requireSize('the N-EM network', 'size', network.size);
  const parameters: ParameterSpec[] = [
    { name: 'nem.weights', shape: [pixels, network.size], initializer: 'glorotUniform' },
    { name: 'nem.step', shape: [1], initializer: 'ones' },
  ];
  return { type: 'n-em', hiddenSize: network.size, parameters };
}
