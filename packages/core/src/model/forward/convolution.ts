import type { Activation } from '../network/activation-names.js';
import type { Forward, PlacedLayer } from '../network/layer-type.js';
import { requireImage } from '../network/requirements.js';
import { elements } from '../network/sample-shape.js';
import type { NamedArrays } from '../weights/safetensors.js';
import { affineRow, affineWeights } from './affine.js';
import { eachSample } from './each-sample.js';
import { normActivation } from './norm-activation.js';

/** What follows a convolution. */
interface ConvolutionSpec {
  readonly activation: Activation;
  readonly layerNorm?: boolean;
}

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
export function convolution(layer: PlacedLayer<ConvolutionSpec>, parameters: NamedArrays, places: Reading): Forward {
  const { name, spec, inputShape, outputShape } = layer;
  requireImage(name, inputShape);
  const { weights, bias } = affineWeights(name, parameters);
  const finish = normActivation(name, spec, parameters);
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
