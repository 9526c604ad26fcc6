import type { LayerShape, LayerSpec } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import type { Context, Part } from './context.js';
import type { Output, Slots } from './rows.js';

/** A layer as instructions. */
export interface LoweredLayer {
  readonly input: Output;
  readonly output: Output;
  /** Floats of a row of the largest array that it makes on the way: how many rows find room in the cache. */
  readonly widest: number;
  /**
   * The number of an activation. If set, the incoming gradient must already be multiplied by the derivative of this activation. Only
   * a last layer without a norm sets it.
   */
  readonly sloped?: number | undefined;
  forward(part: Part): void;
  /**
   * Goes back through the layer.
   * @param dy the gradient with respect to the output, which is overwritten
   * @param dx where the gradient with respect to the input goes, if it is wanted
   */
  backward(part: Part, dy: View, dx: View | undefined): void;
  /** Completes the gradients of the parameters, after all steps. */
  finish(): void;
}

/** Where a layer stands. */
export interface LayerPlace {
  readonly x: Output;
  /** Whether the next layer is lowered {@link Lowering.stepwise}, so that it needs its input of one step at a time. */
  readonly nextIsStepwise: boolean;
  /** ψ, where the layer is the last one that computes. */
  readonly psi: Slots | undefined;
}

/** How the layers of one type become instructions. */
export interface Lowering<Spec extends LayerSpec> {
  lower(context: Context, shape: LayerShape<Spec>, place: LayerPlace): LoweredLayer;
  /**
   * Whether the weights' gradient is summed up step by step, and the layer goes through a step some rows at a time. It is so for
   * convolutions: their rows are large and their weights small. Other weights are larger than a step's rows, and one product over all
   * steps gives their gradient.
   */
  readonly stepwise: boolean;
}
