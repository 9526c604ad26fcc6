import type { Activation, LayerShape } from '@nem/core';
import type { Slots, View } from '../plan/builder.js';
import type { Context } from './context.js';
import { convAffine } from './conv.js';
import { denseAffine } from './dense.js';
import { resizeConvAffine } from './resize-conv.js';
import type { WeightGradient } from './sums.js';

/** Most parts of a product that the launch reading it sums up: it reads every one. */
export const MOST_SUMMED_PARTS = 8;

/** activation(x W + b) as launches. */
export interface Forward {
  /** In how many parts the result stands, one after the other. */
  readonly parts: number;
  /** Writes that of a step. */
  write(step: number, out: View): void;
}

/** The affine map of a layer as launches. */
export interface Affine {
  forward(activation: Activation, mostParts?: number): Forward;
  /** Gives the gradient by x, in a scratch buffer of up to `mostParts` parts, from that by the map's output. */
  inputGradient(mostParts: number): (dz: View) => View;
  weightGradient(dz: Slots): WeightGradient;
}

const LOWERINGS: Readonly<Record<string, typeof denseAffine>> = {
  dense: denseAffine,
  conv: convAffine,
  resizeConv: resizeConvAffine,
};

/**
 * Whether a layer's weight gradient is summed up step by step. Images are large and kernels small: then only one step's input
 * is needed at a time. Other weights are larger than a step's rows and take one product over all steps.
 */
export const isStepwise = ({ spec }: LayerShape) => spec.type === 'conv' || spec.type === 'resizeConv';

/** The affine map of a layer with weights. */
export function lowerMap(context: Context, shape: LayerShape, x: Slots): Affine {
  const lower = LOWERINGS[shape.spec.type];
  if (!lower) throw new Error(`${shape.name} has no weights.`);
  return lower(context, shape, x);
}
