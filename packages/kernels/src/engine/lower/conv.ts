import type { ConvSpec, LayerShape } from '@nem/core';
import { scatter } from '../../instructions/convolution.js';
import { matrix } from '../plan/program-builder.js';
import type { Affine } from './affine.js';
import type { Context } from './context.js';
import { backwardOf, packBothWays } from './dense.js';
import { convolutionWindows, patchesOf, patchSize, windowCount } from './windows.js';

/**
 * The affine map of a convolution with W [k, k, C, O] and b [O]. With P outputs of an image and R images:
 *
 *     forward           z [R P, O]            = patches of x [R P, k k C] × W
 *     input gradient    patches [R P, k k C]  = dz × Wᵀ, added up where they overlap
 *     weight gradient   dW [k k C, O]        += transposed patches of x × dz
 */
export function convAffine(context: Context, shape: LayerShape<ConvSpec>): Affine {
  const { builder } = context;
  const { name, spec } = shape;
  const windows = convolutionWindows(shape, spec.kernel, spec.stride ?? 1);
  const [depth, count, outputs] = [patchSize(windows), windowCount(windows), spec.size];
  const weights = packBothWays(context, context.parameter(`${name}.weights`), depth, outputs);
  const bias = context.parameter(`${name}.bias`);
  return {
    widest: count * Math.max(depth, outputs),
    forward(rows, x, c, activation) {
      const sizes = { m: rows * count, n: outputs, k: depth };
      const taken = patchesOf(builder, rows, x, windows);
      builder.product({ ...sizes, a: taken.operand(), weights: weights.forward, c, bias, activation });
      taken.release();
    },
    inputGradient(rows, dz, out) {
      const scattered = builder.layout.allocate(rows * count * depth);
      const sizes = { m: rows * count, n: depth, k: outputs };
      builder.product({ ...sizes, a: matrix(dz, outputs), weights: backwardOf(weights), c: scattered });
      builder.emit(scatter, { images: rows, ...windows, patches: scattered, bias: undefined, out });
      builder.layout.release(scattered);
    },
    addWeightGradient({ rows }, x, dz) {
      const sizes = { m: depth, n: outputs, k: rows * count };
      const c = context.gradient(`${name}.weights`);
      const taken = patchesOf(builder, rows, x(), windows);
      builder.productOnce({ ...sizes, a: taken.operand(true), b: matrix(dz, outputs), c, accumulate: true });
      taken.release();
    },
    finish: () => undefined,
  };
}
