import type { Activation, ConvSpec, DenseSpec, LayerShape, ResizeConvSpec } from '@nem/core';
import type { Slots, View } from '../plan/builder.js';
import type { Context } from './context.js';
import type { WeightGradient } from './sums.js';

/** The layers with weights: x W + b, then a layer norm where asked for, then the activation. */
export type AffineSpec = DenseSpec | ConvSpec | ResizeConvSpec;

/** Most parts of a product that the launch reading it sums up: it reads every one of them. */
export const MOST_SUMMED_PARTS = 8;

/** activation(x W + b) as launches. */
export interface Forward {
  /** In how many parts the result stands, one after the other; their sum is the result. */
  readonly parts: number;
  /** Writes the result of a step to `out`, [parts, rows, …output shape]. */
  write(step: number, out: View): void;
}

/** The affine map x W + b of a layer as launches. */
export interface Affine {
  /** @param mostParts in how many parts the result may stand, where the activation is linear. Default 1 */
  forward(activation: Activation, mostParts?: number): Forward;
  /**
   * The gradient with respect to x, as a function of that with respect to the map's output, dz. It stands in a scratch buffer,
   * [parts, rows, …input shape], of at most `mostParts` parts.
   */
  inputGradient(mostParts: number): (dz: View) => View;
  /** @param dz the gradient with respect to the map's output, at each step */
  weightGradient(dz: Slots): WeightGradient;
}

/** Lowers the affine map of a layer. @param x the layer's input at each step */
export type LowerAffine<Spec extends AffineSpec> = (context: Context, shape: LayerShape<Spec>, x: Slots) => Affine;
