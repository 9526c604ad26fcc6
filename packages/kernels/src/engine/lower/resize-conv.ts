import type { LayerShape, ResizeConvSpec } from '@nem/core';
import { applyActivation } from '../../instructions/activation.js';
import { fold, scatter, unfold } from '../../instructions/convolution.js';
import { fill } from '../../instructions/memory.js';
import { matrix, transposed } from '../plan/program-builder.js';
import { activationNumber } from './activation-numbers.js';
import type { Affine } from './affine.js';
import type { Context } from './context.js';
import { enlargementWindows, patchesOf, patchSize, windowCount } from './windows.js';

/** The folded weights, [reach, reach, O, C], packed for both directions, and the sum of their gradient. */
function foldedWeights({ builder, training, parameter }: Context, name: string, sizes: FoldSizes) {
  const reach = sizes.kernel + sizes.scale - 1;
  const [depth, channels] = [reach ** 2 * sizes.outputs, sizes.channels];
  const folded = builder.layout.allocate(depth * channels);
  builder.prepare(fold, { ...sizes, weights: parameter(`${name}.weights`), folded });
  return {
    forward: builder.pack(channels, depth, transposed(folded, channels)),
    backward: training ? builder.pack(depth, channels, matrix(folded, channels)) : undefined,
    sum: training ? builder.layout.allocate(depth * channels) : undefined,
  };
}

interface FoldSizes {
  readonly kernel: number;
  readonly scale: number;
  readonly channels: number;
  readonly outputs: number;
}

/**
 * The affine map of an enlargement by nearest neighbour with a convolution after it, W [k, k, C, O] and b [O], without the enlarged
 * image: a pixel of the small image reaches `reach` = scale + k − 1 pixels of the result along each axis, each through a sum of taps,
 * F [reach reach O, C]. With P pixels of a small image and R images:
 *
 *     forward           patches [R P, reach reach O] = x [R P, C] × Fᵀ, added up where they overlap
 *     input gradient    dx [R P, C]                  = patches of dz × F
 *     weight gradient   dF [reach reach O, C]       += transposed patches of dz × x, unfolded to dW at the end
 */
export function resizeConvAffine(context: Context, shape: LayerShape<ResizeConvSpec>): Affine {
  const { builder, training } = context;
  const { name, spec } = shape;
  const { kernel, scale = 2, size: outputs } = spec;
  const windows = enlargementWindows(shape, kernel, scale);
  const [depth, count, channels] = [patchSize(windows), windowCount(windows), shape.inputShape[2]!];
  const sizes: FoldSizes = { kernel, scale, channels, outputs };
  const { forward, backward, sum } = foldedWeights(context, name, sizes);
  const bias = context.parameter(`${name}.bias`);
  if (sum) builder.prepare(fill, { count: sum.length, out: sum, value: 0 });
  const required = <T>(value: T | undefined): T => {
    if (!training || value === undefined) throw new Error('there is no backward half in inference');
    return value;
  };
  return {
    widest: count * depth,
    forward(rows, x, out, activation) {
      const scattered = builder.layout.allocate(rows * count * depth);
      const product = { m: rows * count, n: depth, k: channels };
      builder.product({ ...product, a: matrix(x, channels), weights: forward, c: scattered });
      builder.emit(scatter, { images: rows, ...windows, patches: scattered, bias, out });
      builder.layout.release(scattered);
      if (activation === activationNumber.linear) return;
      const pixels = rows * windows.height * windows.width;
      builder.emit(applyActivation, { count: pixels * outputs, activation, z: out, y: out });
    },
    inputGradient(rows, dz, c) {
      const product = { m: rows * count, n: channels, k: depth };
      const taken = patchesOf(builder, rows, dz, windows);
      builder.product({ ...product, a: taken.operand(), weights: required(backward), c });
      taken.release();
    },
    addWeightGradient({ rows }, x, dz) {
      const product = { m: depth, n: channels, k: rows * count };
      const taken = patchesOf(builder, rows, dz, windows);
      const [a, b] = [taken.operand(true), matrix(x(), channels)];
      builder.productOnce({ ...product, a, b, c: required(sum), accumulate: true });
      taken.release();
    },
    finish() {
      const weights = context.gradient(`${name}.weights`);
      builder.emit(unfold, { ...sizes, weights, folded: required(sum) });
    },
  };
}
