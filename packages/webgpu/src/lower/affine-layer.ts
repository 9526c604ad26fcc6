import { type Activation, elements, type LayerShape } from '@nem/core';
import { activationGradient } from '../kernels/activation-gradient.js';
import { normBackward, normForward } from '../kernels/norm.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import { elementAt } from '../required.js';
import { type Affine, type AffineSpec, type LowerAffine, MOST_SUMMED_PARTS } from './affine.js';
import { type Context, gradient, parameters } from './context.js';
import type { LayerPlace, LoweredLayer } from './layer.js';
import { outputSlots } from './outputs.js';
import { sumColumns } from './sums.js';

/** What follows the affine map, which gives z: y = activation(z), or activation(norm(z)). */
interface End {
  readonly name: string;
  /** Elements of a row of z. */
  readonly size: number;
  /** Length of the last axis of z. */
  readonly channels: number;
  readonly activation: Activation;
  readonly y: Slots;
  /** Whether y is kept for one step only and recomputed by the backward half. */
  readonly recomputed: boolean;
  /** Whether y is ψ, which only the loss reads. */
  readonly last: boolean;
  /** In how many parts the gradient with respect to the input may stand. */
  readonly mostParts: number;
}

/** A layer with weights: its affine map, then a layer norm where the layer has one, then the activation. */
export function lowerAffineLayer<Spec extends AffineSpec>(
  context: Context,
  shape: LayerShape<Spec>,
  place: LayerPlace,
  lowerAffine: LowerAffine<Spec>,
): LoweredLayer {
  const { activation, layerNorm: normalizes = false } = shape.spec;
  const affine = lowerAffine(context, shape, place.x);
  const channels = elementAt(shape.outputShape, shape.outputShape.length - 1);
  // y follows from the normalised rows. It is recomputed from them where the backward half needs it of one step at a time.
  const recomputed = context.training && normalizes && !place.y && place.nextIsStepwise === true;
  const end: End = {
    name: shape.name,
    size: elements(shape.outputShape),
    channels,
    activation,
    y: place.y ?? outputSlots(context, shape, !recomputed, place.index),
    recomputed,
    last: place.y !== undefined,
    mostParts: place.mostParts ?? 1,
  };
  return normalizes ? normed(context, end, affine) : plain(context, end, affine);
}

/** The bias's gradient: the sums of dz over everything but the channels. */
function biasGradient(context: Context, { name, size, channels }: End, dz: Slots): void {
  const rows = (context.steps * context.rows * size) / channels;
  sumColumns(context.builder, slot(dz, 0), rows, channels, gradient(context, `${name}.bias`));
}

/** Without a layer norm: y = activation(z). */
function plain(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const { activation, size, y, name } = end;
  const forward = affine.forward(activation);
  // Of the last layer, the gradient overwrites the output, which is ψ.
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

/**
 * The normalised rows that the backward half needs, [steps, rows, size]. Without a backward half, all layers write theirs to one buffer, which
 * nothing reads.
 */
export function normalizedRows({ builder, rows, steps, training }: Context, name: string, size: number): Slots {
  if (!training) return builder.shared('normalised', rows * size);
  return builder.slots(`${name} normalised`, steps, rows * size);
}

const normSpec = ({ rows, parameterAt }: Context, { name, size, channels, activation, recomputed }: End) => ({
  rows,
  size,
  channels,
  activation,
  gainAt: parameterAt(`${name}.gain`),
  recomputes: recomputed,
});

/** The buffers of a layer norm: what its forward half writes beside y, and the gradients of gain and offset by row. */
function normSlots(context: Context, { name, size, channels }: End) {
  const { builder, rows, steps, training } = context;
  const normalized = normalizedRows(context, name, size);
  const scale = builder.slots(`${name} scale`, training ? steps : 1, rows);
  const count = training ? rows * 2 * channels : 1;
  const gradients: View = { storage: builder.storage(`${name} gain gradient by row`, count), offset: 0 };
  return { normalized, scale, gradients };
}

/** What both directions of a layer norm bind of a step. */
const normState = (context: Context, { normalized, scale }: ReturnType<typeof normSlots>, y: Slots, step: number) => ({
  parameters: parameters(context),
  normalized: slot(normalized, step),
  scale: slot(scale, step),
  y: slot(y, step),
});

/** With a layer norm: y = activation(norm(z)), one launch forward and one backward, which writes dz over the normalised rows. */
function normed(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const { size, channels, y, name } = end;
  const norm = normSpec(context, end);
  const groups = [rows, 1, 1] as const;
  const forward = affine.forward('linear', MOST_SUMMED_PARTS);
  const slots = normSlots(context, end);
  const { normalized, gradients } = slots;
  const normalize = normForward(norm, forward.parts);
  const weights = training ? affine.weightGradient(normalized) : undefined;
  const inputGradient = training ? affine.inputGradient(end.mostParts) : undefined;
  // Its code depends on the parts of dy, which are known at the first step.
  let differentiate: ReturnType<typeof normBackward> | undefined;
  const stateOf = (step: number) => normState(context, slots, y, step);
  return {
    y,
    mostParts: MOST_SUMMED_PARTS,
    forward(step) {
      const z = builder.scratch(forward.parts * rows * size);
      forward.write(step, z);
      builder.dispatch(normalize, { z, ...stateOf(step) }, { groups });
      builder.release(z);
    },
    backward(step, { view: dy }, wanted) {
      differentiate ??= normBackward(norm, dy.parts);
      const starts = Number(step === steps - 1);
      builder.dispatch(differentiate, { dy, ...stateOf(step), gradients }, { groups, arguments: { starts } });
      builder.release(dy);
      return wanted ? inputGradient?.(slot(normalized, step)) : undefined;
    },
    weights: (step) => weights?.step(step),
    finish() {
      weights?.finish();
      biasGradient(context, end, normalized);
      // The offset follows the gain, in the parameters as in the sums.
      sumColumns(builder, gradients, rows, 2 * channels, gradient(context, `${name}.gain`));
    },
  };
}
