import type { Activation, LayerShape, LayerSpec } from '@nem/core';
import type { Slots, View } from '../plan/builder.js';
import type { Context } from './context.js';

/** A gradient on its way back through the layers. */
export interface Incoming {
  readonly view: View;
  /** Whether it is already the gradient with respect to the activation's input: multiplied by the activation's derivative. */
  readonly sloped: boolean;
}

/** A layer as launches. */
export interface LoweredLayer {
  /** The layer's output at each step. */
  readonly y: Slots;
  /** In how many parts the incoming gradient may stand. */
  readonly mostParts: number;
  /**
   * Where a gradient may be written that is already multiplied by the derivative of this activation: the layer then needs no launch of
   * its own for that. Absent where a layer norm stands before the activation.
   */
  readonly sloped?: { readonly activation: Activation; readonly dz: Slots };
  forward(step: number): void;
  /** Releases the incoming gradient; gives the gradient with respect to the layer's input, or undefined where it is not wanted. */
  backward(step: number, incoming: Incoming, wanted: boolean): View | undefined;
  /** Adds a step's share of the weights' gradient. Called after `backward` of the layers before it. */
  weights(step: number): void;
  /** Completes the gradients of the parameters, after all steps. */
  finish(): void;
}

/** What a layer is lowered with. */
export interface LayerPlace {
  /** The layer's input at each step. */
  readonly x: Slots;
  /** Where the output goes. Default: a buffer of its own. */
  readonly y?: Slots;
  /** Whether the layer that reads the output is lowered {@link Lowering.stepwise}. Default false. */
  readonly nextIsStepwise?: boolean;
  /** In how many parts the gradient with respect to x may stand. Default 1. */
  readonly mostParts?: number;
  /** The layer's number among those of its stack that compute. Default 0. */
  readonly index?: number;
}

/** How the layers of one type become launches. */
export interface Lowering<Spec extends LayerSpec> {
  lower(context: Context, shape: LayerShape<Spec>, place: LayerPlace): LoweredLayer;
  /**
   * Whether the weights' gradient is summed up step by step, so that the backward half needs the layer's input of only one step at a time.
   * It is for convolutions: their inputs are large and their kernels small. Other weights are larger than a step's rows, and one product
   * over all steps gives their gradient.
   */
  readonly stepwise: boolean;
}
