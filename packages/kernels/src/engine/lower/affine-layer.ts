import { type Activation, elements, LAYER_NORM_EPSILON, type LayerShape } from '@nem/core';
import { activationGradient } from '../../instructions/activation.js';
import type { View } from '../../instructions/instruction.js';
import { normBackward, normForward, normOutput } from '../../instructions/norm.js';
import { columnSums } from '../../instructions/sums.js';
import { activationNumber } from './activation-numbers.js';
import type { Affine, AffineSpec, LowerAffine } from './affine.js';
import type { Context, Part } from './context.js';
import { allSteps } from './dense.js';
import type { LayerPlace, LoweredLayer } from './layer.js';
import { allocateSlots, keptOutput, type Output, passingOutput, type Slots, slot } from './rows.js';

/** What follows the affine map, which gives z: y = activation(z), or activation(norm(z)). */
interface End {
  readonly name: string;
  /** Elements of a row of z. */
  readonly size: number;
  /** Length of the last axis of z. */
  readonly channels: number;
  readonly activation: Activation;
  readonly stepwise: boolean;
  readonly place: LayerPlace;
}

/** A layer with weights: its affine map, then a layer norm where the layer has one, then the activation. */
export function lowerAffineLayer<Spec extends AffineSpec>(
  context: Context,
  shape: LayerShape<Spec>,
  place: LayerPlace,
  lowerAffine: LowerAffine<Spec>,
  stepwise: boolean,
): LoweredLayer {
  const affine = lowerAffine(context, shape, place.x);
  const { activation, layerNorm = false } = shape.spec;
  const channels = shape.outputShape.at(-1)!;
  const end: End = { name: shape.name, size: elements(shape.outputShape), channels, activation, stepwise, place };
  return layerNorm ? normed(context, end, affine) : plain(context, end, affine);
}

/** Where a layer's output stands. A layer that goes through a step some rows at a time does not need all of it at once. */
function outputOf(context: Context, { size, place }: End, recompute?: (at: Part, to: View) => void): Output {
  if (place.psi) return keptOutput(place.psi);
  const passes = place.nextIsStepwise && (recompute || !context.training);
  if (passes) return passingOutput(context, size, recompute ?? (() => undefined));
  return keptOutput(allocateSlots(context, context.steps, size));
}

/** Adds the sums of dz over everything but the channels to the bias's gradient. */
function addBiasGradient({ builder, gradient }: Context, { name, channels }: End, dz: View): void {
  const out = gradient(`${name}.bias`);
  builder.emit(columnSums, { rows: dz.length / channels, columns: channels, x: dz, out });
}

/** Where dz of a layer without a norm stands: at all steps where the weights' gradient is one product; over ψ where dy is dz. */
function gradientSlots(context: Context, { size, stepwise, place }: End): Slots | undefined {
  if (!context.training || stepwise) return undefined;
  return place.psi ?? allocateSlots(context, context.steps, size);
}

/** Without a layer norm: y = activation(z). Of the last layer, the incoming gradient is dz already. */
function plain(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder } = context;
  const { size, place, stepwise } = end;
  const activation = activationNumber[end.activation];
  const output = outputOf(context, end);
  const gradients = gradientSlots(context, end);
  const x = place.x;
  return {
    input: x,
    output,
    widest: Math.max(size, affine.widest),
    sloped: place.psi && activation,
    forward: (at) => affine.forward(at.rows, x.read(at), output.begin(at), activation),
    backward(at, dy, dx) {
      const dz = place.psi || !gradients ? dy : slot(gradients, at);
      if (!place.psi) {
        const views = { dy, added: undefined, y: output.again(at), dz };
        builder.emit(activationGradient, { count: at.rows * size, activation, ...views });
      }
      affine.addWeightGradient(at, () => x.again(at), dz);
      if (stepwise) addBiasGradient(context, end, dz);
      if (dx) affine.inputGradient(at.rows, dz, dx);
    },
    finish() {
      affine.finish(gradients);
      if (gradients) addBiasGradient(context, end, allSteps(context, gradients));
    },
  };
}

/** Where the normalised rows and their scales stand. Without a backward half they are not kept. */
function normSlots(context: Context, size: number) {
  const { training, steps } = context;
  if (!training) return undefined;
  return { normalized: allocateSlots(context, steps, size), scale: allocateSlots(context, steps, 1) };
}

/** With a layer norm: y = activation(norm(z)). dz is written over the normalised rows. */
function normed(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder, parameter, gradient } = context;
  const { name, size, channels, place, stepwise } = end;
  const x = place.x;
  const kept = normSlots(context, size);
  const norm = { length: size, channels, activation: activationNumber[end.activation] };
  const affineOfNorm = { gain: parameter(`${name}.gain`), offset: parameter(`${name}.offset`) };
  const output = outputOf(context, end, (at, y) => {
    const normalized = slot(kept!.normalized, at);
    builder.emit(normOutput, { rows: at.rows, ...norm, normalized, ...affineOfNorm, y });
  });
  return {
    input: x,
    output,
    widest: Math.max(size, affine.widest),
    forward(at) {
      const y = output.begin(at);
      // Without a backward half z may stand where y goes.
      const z = kept ? slot(kept.normalized, at) : y;
      affine.forward(at.rows, x.read(at), z, activationNumber.linear);
      const saved = { normalized: kept && z, scale: kept && slot(kept.scale, at), hidden: undefined };
      builder.emit(normForward, {
        rows: at.rows,
        ...norm,
        epsilon: LAYER_NORM_EPSILON,
        z,
        ...affineOfNorm,
        y,
        ...saved,
      });
    },
    backward(at, dy, dx) {
      const { normalized, scale } = kept!;
      const dz = slot(normalized, at);
      const sums = { gainSum: gradient(`${name}.gain`), offsetSum: gradient(`${name}.offset`) };
      const state = { dy, y: output.again(at), normalized: dz, scale: slot(scale, at), gain: affineOfNorm.gain };
      const none = { hiddenGradient: undefined, hidden: undefined };
      const biasSum = gradient(`${name}.bias`);
      builder.emit(normBackward, { rows: at.rows, ...norm, ...state, ...sums, biasSum, ...none });
      affine.addWeightGradient(at, () => x.again(at), dz);
      if (dx) affine.inputGradient(at.rows, dz, dx);
    },
    finish: () => affine.finish(stepwise ? undefined : kept!.normalized),
  };
}
