import { type Activation, elements, type LayerShape } from '@nem/core';
import { activationGradient } from '../kernels/activation-gradient.js';
import { inputNormBackward, inputNormForward, normBackward, normForward } from '../kernels/norm.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import { type Affine, isStepwise, lowerMap, MOST_SUMMED_PARTS } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import { sumColumns } from './sums.js';

/** A gradient on its way back; `sloped` where the layer's activation has been applied to it already. */
export interface Incoming {
  readonly view: View;
  readonly sloped: boolean;
}

/** A layer as launches. */
export interface LoweredLayer {
  readonly y: Slots;
  /** In how many parts the incoming gradient may stand. */
  readonly mostParts: number;
  /** Where a gradient that has the layer's slope in it may go: no launch of its own is then needed for that. */
  readonly sloped?: { readonly activation: Activation; readonly dz: Slots };
  forward(step: number): void;
  /** Releases the incoming gradient and gives that by the layer's input, unless it is not wanted. */
  backward(step: number, incoming: Incoming, wanted: boolean): View | undefined;
  /** A step's share of the weights' gradient, after `backward` of the layer before. */
  weights(step: number): void;
  /** After all steps, the gradients of the parameters. */
  finish(): void;
}

/** What a layer is lowered with. */
export interface LayerPlace {
  readonly x: Slots;
  /** Where the output goes. Default: a buffer of its own. */
  readonly y?: Slots;
  /** The layer that reads the output. */
  readonly next?: LayerShape;
  /** In how many parts the gradient by x may stand. Default 1. */
  readonly mostParts?: number;
  /** The layer's number in its stack. Default 0. */
  readonly index?: number;
}

/** A layer with weights (affine map, then layer norm and activation), or the normalisation of the input. */
export function lowerLayer(context: Context, shape: LayerShape, place: LayerPlace): LoweredLayer {
  const { spec } = shape;
  if (spec.type === 'inputNorm') return inputNorm(context, shape, place);
  const affine = lowerMap(context, shape, place.x);
  const normalizes = 'layerNorm' in spec && spec.layerNorm === true;
  const { activation } = spec as { activation: Activation };
  const size = elements(shape.outputShape);
  const channels = shape.outputShape[shape.outputShape.length - 1];
  // It follows from the normalised rows, where a step's weight gradient is all that the backward half needs it for.
  const again = context.training && normalizes && !place.y && place.next !== undefined && isStepwise(place.next);
  const y = place.y ?? output(context, shape, !again, place.index);
  const { mostParts = 1 } = place;
  const end = { name: shape.name, size, channels, activation, y, again, last: place.y !== undefined, mostParts };
  return normalizes ? normed(context, end, affine) : plain(context, end, affine);
}

/** Without a backward half only the next layer reads an output: two buffers in turn do for a stack. */
function output(context: Context, { name, outputShape }: LayerShape, kept: boolean, index = 0): Slots {
  const { builder, rows, steps, training } = context;
  const count = rows * elements(outputShape);
  return training ? builder.slots(name, kept ? steps : 1, count) : builder.shared(`outputs ${index % 2}`, count);
}

interface End {
  readonly name: string;
  readonly size: number;
  readonly channels: number;
  readonly activation: Activation;
  readonly y: Slots;
  /** Whether y is of one step only and made again on the way back. */
  readonly again: boolean;
  /** Whether y is ψ, which only the loss reads. */
  readonly last: boolean;
  /** In how many parts the gradient by the input may stand. */
  readonly mostParts: number;
}

function biasGradient(context: Context, { name, size, channels }: End, dz: Slots): void {
  const rows = (context.steps * context.rows * size) / channels;
  sumColumns(context.builder, slot(dz, 0), rows, channels, gradient(context, `${name}.bias`));
}

function plain(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const { activation, size, y, name } = end;
  const forward = affine.forward(activation);
  // The gradient goes over ψ.
  const dz = training && !end.last ? builder.slots(`${name} gradient`, steps, rows * size) : y;
  const weights = training ? affine.weightGradient(dz) : undefined;
  const inputGradient = training ? affine.inputGradient(end.mostParts) : undefined;
  const kernel = activationGradient(activation, rows * size);
  return {
    y,
    mostParts: 1,
    sloped: { activation, dz },
    forward: (step) => forward.write(step, slot(y, step)),
    backward(step, { view, sloped }, wanted) {
      if (!sloped) {
        const views = { dy: view, y: slot(y, step), dz: slot(dz, step) };
        builder.dispatch(kernel, views, { groups: cover(rows * size) });
        builder.release(view);
      }
      return wanted ? inputGradient?.(slot(dz, step)) : undefined;
    },
    weights: (step) => weights?.step(step),
    finish() {
      weights?.finish();
      biasGradient(context, end, dz);
    },
  };
}

/** The rows that the backward half needs; without it all layers write theirs to one buffer, which nothing reads. */
export function normalizedRows({ builder, rows, steps, training }: Context, name: string, size: number): Slots {
  if (!training) return builder.shared('normalised', rows * size);
  return builder.slots(`${name} normalised`, steps, rows * size);
}

function normed(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const { size, channels, activation, y, name, again } = end;
  const gainAt = context.parameterAt(`${name}.gain`);
  const norm = { rows, size, channels, activation, gainAt, again };
  const groups = [rows, 1, 1] as const;
  const forward = affine.forward('linear', MOST_SUMMED_PARTS);
  const normalized = normalizedRows(context, name, size);
  const scale = builder.slots(`${name} scale`, training ? steps : 1, rows);
  const sums: View = {
    storage: builder.storage(`${name} gain gradient by row`, training ? rows * 2 * channels : 1),
    offset: 0,
  };
  const normalize = normForward(norm, forward.parts);
  const weights = training ? affine.weightGradient(normalized) : undefined;
  const inputGradient = training ? affine.inputGradient(end.mostParts) : undefined;
  let differentiate: ReturnType<typeof normBackward> | undefined;
  return {
    y,
    mostParts: MOST_SUMMED_PARTS,
    forward(step) {
      const z = builder.scratch(forward.parts * rows * size);
      forward.write(step, z);
      const written = { normalized: slot(normalized, step), scale: slot(scale, step), y: slot(y, step) };
      builder.dispatch(normalize, { z, parameters: parameters(context), ...written }, { groups });
      builder.release(z);
    },
    backward(step, { view }, wanted) {
      differentiate ??= normBackward(norm, view.parts);
      builder.dispatch(
        differentiate,
        {
          dy: view,
          y: slot(y, step),
          normalized: slot(normalized, step),
          scale: slot(scale, step),
          parameters: parameters(context),
          gradients: sums,
        },
        { groups, arguments: { starts: Number(step === steps - 1) } },
      );
      builder.release(view);
      return wanted ? inputGradient?.(slot(normalized, step)) : undefined;
    },
    weights: (step) => weights?.step(step),
    finish() {
      weights?.finish();
      biasGradient(context, end, normalized);
      // The offset follows the gain, in the parameters as in the sums.
      sumColumns(builder, sums, rows, 2 * channels, gradient(context, `${name}.gain`));
    },
  };
}

function inputNorm(
  context: Context,
  shape: LayerShape,
  { x, index, y = output(context, shape, true, index) }: LayerPlace,
): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const size = elements(shape.inputShape);
  const scale = builder.slots(`${shape.name} scale`, training ? steps : 1, rows);
  const [forward, backward] = [inputNormForward(rows, size), inputNormBackward(rows, size)];
  const groups = [rows, 1, 1] as const;
  return {
    y,
    mostParts: 1,
    forward(step) {
      builder.dispatch(forward, { z: slot(x, step), scale: slot(scale, step), y: slot(y, step) }, { groups });
    },
    backward(step, { view }, wanted) {
      const dx = wanted ? builder.scratch(rows * size) : undefined;
      if (dx) builder.dispatch(backward, { dy: view, y: slot(y, step), scale: slot(scale, step), dx }, { groups });
      builder.release(view);
      return dx;
    },
    weights() {},
    finish() {},
  };
}
