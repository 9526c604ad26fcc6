import type { LayerShape } from '../network/layer-shape.js';
import type { LayerSpec, LayerSpecOf } from '../network/layer-types.js';
import type { ConvSpec } from '../network/layers/conv.js';
import type { ResizeConvSpec } from '../network/layers/resize-conv.js';
import { samePadding } from '../network/padding.js';
import { required } from '../network/required.js';
import { requireImage } from '../network/requirements.js';
import { elements, type SampleShape } from '../network/sample-shape.js';
import type { NamedArrays } from '../weights/safetensors.js';
import { affineRow } from './affine.js';
import { normActivation, normalize } from './norm-activation.js';

/** What a layer makes of its input: [rows, …inputShape] becomes [rows, …outputShape]. */
export type Forward = (x: Float32Array, rows: number) => Float32Array;

type MakeForward<S extends LayerSpec> = (layer: LayerShape<S>, parameters: NamedArrays) => Forward;

/** A layer that works on each sample alone; `out` is the sample's place in the result. */
function eachSample(
  { inputShape, outputShape }: Pick<LayerShape, 'inputShape' | 'outputShape'>,
  sample: (x: Float32Array, out: Float32Array) => void,
): Forward {
  const [inputs, outputs] = [elements(inputShape), elements(outputShape)];
  return (x, rows) => {
    const y = new Float32Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      sample(x.subarray(row * inputs, (row + 1) * inputs), y.subarray(row * outputs, (row + 1) * outputs));
    }
    return y;
  };
}

const same: Forward = (x) => x;

/** Weights and bias of a layer. */
const affine = (name: string, parameters: NamedArrays) => ({
  weights: required(parameters, `${name}.weights`).values,
  bias: required(parameters, `${name}.bias`).values,
});

const dense: MakeForward<LayerSpecOf<'dense'>> = (layer, parameters) => {
  const { weights, bias } = affine(layer.name, parameters);
  const finish = normActivation(layer.name, layer.spec, parameters);
  const z = new Float64Array(elements(layer.outputShape));
  return eachSample(layer, (x, y) => {
    affineRow(x, weights, bias, z);
    finish(z, y);
  });
};

/** Where a convolution reads: output pixel (row, column) reads pixel (row · stride + tap − before) / scale of the image. */
interface Reading {
  readonly kernel: number;
  readonly stride: number;
  /** Factor by which the image is enlarged by nearest neighbour before. */
  readonly scale: number;
  /** Rows and columns of zeros before the (enlarged) image. */
  readonly before: readonly [number, number];
}

/** Copies what the kernel sees at one output pixel, [kernel, kernel, channels], zeros outside the image. */
function gather(
  x: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  { kernel, stride, scale, before }: Reading,
  row: number,
  column: number,
  patch: Float32Array,
): void {
  patch.fill(0);
  for (let i = 0; i < kernel; i++) {
    const from = Math.floor((row * stride + i - before[0]) / scale);
    if (from < 0 || from >= height) continue;
    for (let j = 0; j < kernel; j++) {
      const at = Math.floor((column * stride + j - before[1]) / scale);
      if (at < 0 || at >= width) continue;
      const source = (from * width + at) * channels;
      const target = (i * kernel + j) * channels;
      for (let c = 0; c < channels; c++) patch[target + c] = x[source + c]!;
    }
  }
}

/** A convolution: each output pixel is one row of an affine map of what the kernel sees there. */
function convolution(
  layer: LayerShape<ConvSpec | ResizeConvSpec>,
  parameters: NamedArrays,
  reading: (inputShape: SampleShape) => Reading,
): Forward {
  const { name, spec, inputShape, outputShape } = layer;
  requireImage(name, inputShape);
  const { weights, bias } = affine(name, parameters);
  const finish = normActivation(name, spec, parameters);
  const places = reading(inputShape);
  const [height, width, channels] = outputShape as readonly [number, number, number];
  const patch = new Float32Array(places.kernel ** 2 * inputShape[2]);
  const z = new Float64Array(elements(outputShape));
  return eachSample(layer, (x, y) => {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const at = (row * width + column) * channels;
        gather(x, inputShape, places, row, column, patch);
        affineRow(patch, weights, bias, z.subarray(at, at + channels));
      }
    }
    finish(z, y);
  });
}

const conv: MakeForward<ConvSpec> = (layer, parameters) => {
  const { kernel, stride = 1 } = layer.spec;
  const before = (size: number) => samePadding(size, kernel, stride)[0];
  return convolution(layer, parameters, ([height = 0, width = 0]) => ({
    ...{ kernel, stride, scale: 1 },
    before: [before(height), before(width)],
  }));
};

const resizeConv: MakeForward<ResizeConvSpec> = (layer, parameters) => {
  const { kernel, scale = 2 } = layer.spec;
  // SAME padding at stride 1 does not depend on the size.
  const [before] = samePadding(kernel, kernel, 1);
  return convolution(layer, parameters, () => ({ kernel, stride: 1, scale, before: [before, before] }));
};

const inputNorm: MakeForward<LayerSpecOf<'inputNorm'>> = (layer) =>
  eachSample(layer, (x, y) => normalize(Float64Array.from(x), y));

const layers: { readonly [T in LayerSpec['type']]: MakeForward<LayerSpecOf<T>> } = {
  dense,
  conv,
  resizeConv,
  reshape: () => same,
  flatten: () => same,
  inputNorm,
};

/** Layers one after the other. */
export function stackForward(shapes: readonly LayerShape[], parameters: NamedArrays): Forward {
  // The union of the table's entries takes no single specification; the entry is the one of this type.
  const forwards = shapes.map((shape) => (layers[shape.spec.type] as MakeForward<LayerSpec>)(shape, parameters));
  return (x, rows) => forwards.reduce((values, forward) => forward(values, rows), x);
}
