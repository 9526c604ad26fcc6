import type { LayerShape, LayerSpec } from '@nem/core';
import type { Slots } from '../plan/builder.js';
import type { Context } from './context.js';
import type { LoweredLayer, Lowering } from './layer.js';
import { loweringOf } from './layer-types.js';

/** What a stack of layers is lowered with. */
interface StackPlace {
  /** The first layer's input at each step. */
  readonly x: Slots;
  /** Where the last layer that computes writes to. Default: a buffer of its own. */
  readonly end?: Slots;
  /** In how many parts the gradient with respect to x may stand. Default 1. */
  readonly mostParts?: number;
}

/** A layer that needs launches, and how it becomes them. */
interface ComputingLayer {
  readonly shape: LayerShape;
  readonly lowering: Lowering<LayerSpec>;
}

/**
 * The layers of a stack that need launches.
 * @throws NetworkError for an unknown layer type
 */
export function computingLayers(shapes: readonly LayerShape[]): ComputingLayer[] {
  return shapes.flatMap((shape) => {
    const lowering = loweringOf(shape);
    return lowering ? [{ shape, lowering }] : [];
  });
}

/**
 * Layers one after the other, without those that need no launches.
 * @throws NetworkError for an unknown layer type
 */
export function lowerStack(
  context: Context,
  shapes: readonly LayerShape[],
  { x, end, mostParts }: StackPlace,
): LoweredLayer[] {
  const layers: LoweredLayer[] = [];
  const computing = computingLayers(shapes);
  for (const [index, { shape, lowering }] of computing.entries()) {
    const next = computing[index + 1];
    const before = layers.at(-1) ?? { y: x, mostParts };
    layers.push(
      lowering.lower(context, shape, {
        x: before.y,
        mostParts: before.mostParts,
        y: next ? undefined : end,
        nextIsStepwise: next?.lowering.stepwise,
        index,
      }),
    );
  }
  return layers;
}
