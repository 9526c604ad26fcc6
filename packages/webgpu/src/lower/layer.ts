import { type Activation, elements, type LayerShape } from '@nem/core/spec';
import { activationGradient } from '../kernels/elementwise.js';
import { inputNormBackward, inputNormForward, normBackward, normForward } from '../kernels/norm.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover, type Kernel } from '../plan/kernel.js';
import { type Affine, convAffine, denseAffine, resizeConvAffine } from './affine.js';
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
  /** Where a gradient that has the layer's slope in it may go: no launch of its own is then needed for that. */
  readonly sloped?: { readonly activation: Activation; readonly dz: Slots };
  forward(step: number): void;
  /** Releases the incoming gradient and gives that by the layer's input, unless it is not wanted. */
  backward(step: number, incoming: Incoming, wanted: boolean): View | undefined;
  /** After all steps, the gradients of the parameters. */
  finish(): void;
}

/** A layer with weights: affine map, then layer norm and activation. */
export function lowerAffine(context: Context, shape: LayerShape, x: Slots, y: Slots): LoweredLayer {
  const { spec } = shape;
  if (spec.type === 'dense') return withEnd(context, shape, spec, x, y, denseAffine(context, shape, x));
  if (spec.type === 'conv') return withEnd(context, shape, spec, x, y, convAffine(context, shape, x));
  if (spec.type === 'resizeConv') return withEnd(context, shape, spec, x, y, resizeConvAffine(context, shape, x));
  throw new Error(`${shape.name} has no weights.`);
}

interface EndSpec {
  readonly activation: Activation;
  readonly layerNorm?: boolean;
}

function withEnd(
  context: Context,
  shape: LayerShape,
  { activation, layerNorm }: EndSpec,
  _x: Slots,
  y: Slots,
  affine: Affine,
): LoweredLayer {
  const size = elements(shape.outputShape);
  const channels = shape.outputShape[shape.outputShape.length - 1];
  const end = { name: shape.name, size, channels, activation, y };
  return layerNorm ? normed(context, end, affine) : plain(context, end, affine);
}

interface End {
  readonly name: string;
  readonly size: number;
  readonly channels: number;
  readonly activation: Activation;
  readonly y: Slots;
}

function biasGradient(context: Context, { name, size, channels }: End, dz: Slots): void {
  const rows = (context.steps * context.rows * size) / channels;
  sumColumns(context.builder, slot(dz, 0), rows, channels, gradient(context, `${name}.bias`));
}

function plain(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const { activation, size, y, name } = end;
  const forward = affine.forward(activation);
  const dz = training ? builder.slots(`${name} gradient`, steps, rows * size) : y;
  const kernel = activationGradient(activation, rows * size, false);
  return {
    y,
    sloped: { activation, dz },
    forward: (step) => forward(step, slot(y, step)),
    backward(step, { view, sloped }, wanted) {
      if (!sloped) {
        builder.dispatch(kernel, [view, slot(y, step), slot(dz, step)], cover(rows * size));
        builder.release(view);
      }
      return wanted ? affine.inputGradient(slot(dz, step)) : undefined;
    },
    finish() {
      affine.weightGradient(dz);
      biasGradient(context, end, dz);
    },
  };
}

function normed(context: Context, end: End, affine: Affine): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const { activation, size, channels, y, name } = end;
  const norm = { size, channels, activation, gainAt: context.parameterAt(`${name}.gain`), recurrent: false };
  const forward = affine.forward('linear');
  const normalized = builder.slots(`${name} normalised`, training ? steps : 1, rows * size);
  const scale = builder.slots(`${name} scale`, training ? steps : 1, rows);
  const sums = builder.storage(`${name} gain gradient by row`, training ? rows * 2 * channels : 1);
  const [normalize, differentiate] = [normForward(norm), normBackward(norm)];
  return {
    y,
    forward(step) {
      const z = builder.scratch(rows * size);
      forward(step, z);
      builder.dispatch(
        normalize,
        [z, parameters(context), slot(normalized, step), slot(scale, step), slot(y, step)],
        [rows, 1, 1],
      );
      builder.release(z);
    },
    backward(step, { view }, wanted) {
      builder.dispatch(
        differentiate,
        [
          view,
          slot(y, step),
          slot(normalized, step),
          slot(scale, step),
          parameters(context),
          { storage: sums, offset: 0 },
        ],
        [rows, 1, 1],
        [step === steps - 1 ? 1 : 0],
      );
      builder.release(view);
      return wanted ? affine.inputGradient(slot(normalized, step)) : undefined;
    },
    finish() {
      affine.weightGradient(normalized);
      biasGradient(context, end, normalized);
      // The offset follows the gain, in the parameters as in the sums.
      const out = gradient(context, `${name}.gain`);
      sumColumns(builder, { storage: sums, offset: 0 }, rows, 2 * channels, out);
    },
  };
}

/** The normalisation of each sample's input. */
export function lowerInputNorm(context: Context, shape: LayerShape, x: Slots, y: Slots): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const size = elements(shape.inputShape);
  const scale = builder.slots(`${shape.name} scale`, training ? steps : 1, rows);
  const [forward, backward]: Kernel[] = [inputNormForward(size), inputNormBackward(size)];
  return {
    y,
    forward: (step) => builder.dispatch(forward, [slot(x, step), slot(scale, step), slot(y, step)], [rows, 1, 1]),
    backward(step, { view }, wanted) {
      if (!wanted) {
        builder.release(view);
        return undefined;
      }
      const dx = builder.scratch(rows * size);
      builder.dispatch(backward, [view, slot(y, step), slot(scale, step), dx], [rows, 1, 1]);
      builder.release(view);
      return dx;
    },
    finish() {},
  };
}
