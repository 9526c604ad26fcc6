import type { ConvSpec, DenseSpec, LayerShape, ResizeConvSpec } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import type { Context, Part } from './context.js';
import type { Output, Slots } from './rows.js';

/** The layers with weights: x W + b, then a layer norm where asked for, then the activation. */
export type AffineSpec = DenseSpec | ConvSpec | ResizeConvSpec;

/** The affine map x W + b of a layer as instructions. */
export interface Affine {
  /** Floats of a row of what it makes on the way. */
  readonly widest: number;
  /** activation(x W + b). @param activation its number */
  forward(rows: number, x: View, out: View, activation: number): void;
  /** The gradient with respect to x, from that with respect to x W + b. */
  inputGradient(rows: number, dz: View, dx: View): void;
  /** Adds a part's share of the weights' gradient, where that is done step by step. */
  addWeightGradient(part: Part, x: () => View, dz: View): void;
  /** Completes the weights' gradient. @param dz at all steps, where the layer is not stepwise */
  finish(dz: Slots | undefined): void;
}

/** Lowers the affine map of a layer. @param x the layer's input */
export type LowerAffine<Spec extends AffineSpec> = (context: Context, shape: LayerShape<Spec>, x: Output) => Affine;
