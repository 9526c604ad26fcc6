import {
  type Activation,
  activationFunctions,
  type ConvSpec,
  LAYER_NORM_EPSILON,
  type LayerShape,
  type LayerSpec,
  type LayerSpecOf,
  type NamedArray,
  type ResizeConvSpec,
  samePadding,
} from '@nem/core';
import { graphFormulas } from './formulas.js';
import type { GraphBuilder, Value } from './graph-builder.js';

/** What layers are made with. */
export interface Place {
  readonly graph: GraphBuilder;
  /** A parameter of the network, by its full name. */
  readonly parameter: (name: string) => NamedArray;
}

/** A value of [rows, …inputShape] becomes one of [rows, …outputShape]. */
type AddLayer<S extends LayerSpec> = (place: Place, layer: LayerShape<S>, x: Value) => Value;

/** A parameter as a constant of the graph. */
export const constant = ({ graph, parameter }: Place, name: string): Value => graph.array(name, parameter(name));

/** x W + b of flat rows. */
export const linear = (place: Place, name: string, x: Value): Value =>
  place.graph.add('Gemm', [x, constant(place, `${name}.weights`), constant(place, `${name}.bias`)]);

/**
 * Mean 0 and variance 1 over all axes but the first.
 * @param axes of a row
 */
function normalize({ graph }: Place, x: Value, axes: number, epsilon: number): Value {
  const all = graph.integers(Array.from({ length: axes }, (_, i) => i + 1));
  const mean = (of: Value) => graph.add('ReduceMean', [of, all], { keepdims: 1 });
  const centred = graph.add('Sub', [x, mean(x)]);
  const variance = mean(graph.add('Mul', [centred, centred]));
  const deviation = graph.add('Sqrt', [epsilon === 0 ? variance : graph.add('Add', [variance, graph.number(epsilon)])]);
  return graph.add('Div', [centred, deviation]);
}

/** Layer norm where asked for, with a gain and an offset per channel, then the activation (method, section 4). */
export function normActivation(
  place: Place,
  name: string,
  { activation, layerNorm = false }: { readonly activation: Activation; readonly layerNorm?: boolean },
  z: Value,
  axes = 1,
): Value {
  const { graph } = place;
  const { value } = activationFunctions[activation];
  if (!layerNorm) return value(graphFormulas(graph), z);
  const scaled = graph.add('Mul', [normalize(place, z, axes, LAYER_NORM_EPSILON), constant(place, `${name}.gain`)]);
  return value(graphFormulas(graph), graph.add('Add', [scaled, constant(place, `${name}.offset`)]));
}

const dense: AddLayer<LayerSpecOf<'dense'>> = (place, { name, spec }, x) =>
  normActivation(place, name, spec, linear(place, name, x));

/** Weights [height, width, inputs, outputs] in the order of ONNX: [outputs, inputs, height, width]. */
function kernelOf({ shape, values }: NamedArray): NamedArray {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const moved = new Float32Array(values.length);
  values.forEach((value, at) => {
    const output = at % outputs;
    const input = Math.floor(at / outputs) % inputs;
    const tap = Math.floor(at / (outputs * inputs));
    moved[(output * inputs + input) * height * width + tap] = value;
  });
  return { shape: [outputs, inputs, height, width], values: moved };
}

/** A convolution with TensorFlow's SAME padding. ONNX has the channels before the pixels: x is turned and turned back. */
function convolve(
  place: Place,
  { name, spec, inputShape, outputShape }: LayerShape<ConvSpec | ResizeConvSpec>,
  x: Value,
  { stride, scale }: { readonly stride: number; readonly scale: number },
): Value {
  const { graph } = place;
  const [height = 1, width = 1] = inputShape;
  const padding = [height, width].map((size) => samePadding(size * scale, spec.kernel, stride));
  const weights = graph.array(`${name}.weights`, kernelOf(place.parameter(`${name}.weights`)));
  let image = graph.add('Transpose', [x], { perm: [0, 3, 1, 2] });
  if (scale > 1) {
    const scales = graph.array(`scales_${scale}`, { shape: [4], values: Float32Array.of(1, 1, scale, scale) });
    const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    // The second input, a region, is left out.
    image = graph.add('Resize', [image, '', scales], nearest);
  }
  const z = graph.add('Conv', [image, weights, constant(place, `${name}.bias`)], {
    kernel_shape: [spec.kernel, spec.kernel],
    strides: [stride, stride],
    pads: [...padding.map(([before]) => before), ...padding.map(([, after]) => after)],
  });
  const turned = graph.add('Transpose', [z], { perm: [0, 2, 3, 1] });
  return normActivation(place, name, spec, turned, outputShape.length);
}

const reshape = ({ graph }: Place, { outputShape }: LayerShape, x: Value): Value =>
  graph.add('Reshape', [x, graph.integers([-1, ...outputShape])]);

/** Every type of layer. */
const LAYERS: { readonly [T in LayerSpec['type']]: AddLayer<LayerSpecOf<T>> } = {
  dense,
  conv: (place, layer, x) => convolve(place, layer, x, { stride: layer.spec.stride ?? 1, scale: 1 }),
  resizeConv: (place, layer, x) => convolve(place, layer, x, { stride: 1, scale: layer.spec.scale ?? 2 }),
  reshape,
  flatten: reshape,
  inputNorm: (place, { inputShape }, x) => normalize(place, x, inputShape.length, 0),
};

/** Layers one after the other. */
export function addStack(place: Place, layers: readonly LayerShape[], x: Value): Value {
  return layers.reduce((value, layer) => {
    // The union of the table's entries takes no single shape; the entry is the one of this layer's type.
    return (LAYERS[layer.spec.type] as AddLayer<LayerSpec>)(place, layer, value);
  }, x);
}

/** Values of a flat shape as rows, [rows, size]. */
export const asRows = ({ graph }: Place, x: Value, size: number): Value =>
  graph.add('Reshape', [x, graph.integers([-1, size])]);
