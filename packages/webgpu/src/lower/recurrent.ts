/**
 * The recurrent layer of RNN-EM as launches. A row is one component of one sample; there are R = batch · components. At each step, from
 * the layer's input x [R, inputSize] and the hidden state h [R, size] of the step before, with W [inputSize + size, size] and b [size]:
 *
 *     z  = [x, h] W + b                     [R, size]
 *     h′ = activation(z)                    the hidden state after the step
 *     y  = h′                               the layer's output; with a layer norm: activation(norm(z))
 *
 * Backward, from the last step to the first, from dy and, in all steps but the last, dh′, which the step after has left:
 *
 *     dz       = (dy + dh′) · activation′(h′)
 *     dz       = norm's gradient of dy + dh′ · activation′(h′)           with a layer norm
 *     [dx, dh] = dz Wᵀ
 *
 * After all steps, one product over all of their rows gives dW = Σ [x, h]ᵀ dz, and the column sums of dz give db.
 */

import type { RecurrentShape } from '@nem/core';
import { recurrentActivationGradient } from '../kernels/activation-gradient.js';
import { recurrentNormBackward, recurrentNormForward } from '../kernels/norm.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import { MOST_SUMMED_PARTS } from './affine.js';
import { normalizedRows } from './affine-layer.js';
import { type Context, gradient, parameters } from './context.js';
import { inputGradientProduct, preNormProduct, stateProduct, writeWeightGradient } from './recurrent-products.js';
import { sumColumns } from './sums.js';

/** The recurrent layer as launches. */
interface LoweredRecurrent {
  /** y at each step. */
  readonly output: Slots;
  /** In how many parts dy may stand. */
  readonly mostParts: number;
  forward(step: number): void;
  /** Releases dy and gives dx. Steps go from the last to the first: dh stays here for the step before. */
  backward(step: number, dy: View): View;
  /** Completes the gradients of the parameters, after all steps. */
  finish(): void;
}

/** What depends on whether the layer has a layer norm. */
interface RecurrentEnd {
  readonly output: Slots;
  /** In how many parts dy may stand. */
  readonly mostParts: number;
  /** dz at each step, once `backward` has written it. */
  readonly dz: Slots;
  /** Writes h′ and the output from x and h. */
  forward(step: number): void;
  /** Writes dz from dy and, in all steps but the last, dh′. */
  backward(step: number, dy: View, dh: View): void;
  /** After all steps, the gradients of the norm's parameters. */
  finish(): void;
}

/** Without a layer norm: the output is h′, which the product writes at once. */
function plainEnd(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): RecurrentEnd {
  const { builder, rows, steps, training } = context;
  const { size, activation } = shape.spec;
  const count = rows * size;
  const output: Slots = { storage: hidden.storage, at: (step) => hidden.at(step + 1) };
  const dz = training ? builder.slots('recurrent gradient', steps, count) : output;
  const { kernel, groups } = stateProduct(context, shape);
  const differentiate = recurrentActivationGradient(activation, count);
  return {
    output,
    mostParts: 1,
    dz,
    forward(step) {
      const to_next = hidden.at(step + 1) - hidden.at(step);
      const views = { x: slot(x, step), h: slot(hidden, step), parameters: parameters(context) };
      builder.dispatch(kernel, views, { groups, arguments: { to_next } });
    },
    backward(step, dy, dh) {
      const has_next = Number(step < steps - 1);
      const views = { dy, y: slot(output, step), dz: slot(dz, step), dh };
      builder.dispatch(differentiate, views, { groups: cover(count), arguments: { has_next } });
    },
    finish() {},
  };
}

/** The buffers of a recurrent layer norm. */
function normSlots(context: Context, size: number) {
  const { builder, rows, steps, training } = context;
  const kept = training ? steps : 1;
  const output = builder.slots('recurrent output', kept, rows * size);
  const normalized = normalizedRows(context, 'recurrent', size);
  const scale = builder.slots('recurrent scale', kept, rows);
  const gradients: View = { storage: builder.storage('recurrent gain gradient by row', rows * 2 * size), offset: 0 };
  return { output, normalized, scale, gradients };
}

/** With a layer norm: the output is activation(norm(z)). The norm's kernel, which has z, writes h′ = activation(z) too. */
function normedEnd(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): RecurrentEnd {
  const { builder, rows, steps } = context;
  const { size, activation } = shape.spec;
  const norm = { rows, size, channels: size, activation, gainAt: context.parameterAt('recurrent.gain') };
  const { kernel, groups, parts } = preNormProduct(context, shape);
  const normalize = recurrentNormForward(norm, parts);
  // Its code depends on the parts of dy, which are known at the first step.
  let differentiate: ReturnType<typeof recurrentNormBackward> | undefined;
  const { output, normalized, scale, gradients } = normSlots(context, size);
  /** What both directions bind of a step. */
  const stateOf = (step: number) => ({
    parameters: parameters(context),
    normalized: slot(normalized, step),
    scale: slot(scale, step),
    y: slot(output, step),
    hidden: slot(hidden, step + 1),
  });
  return {
    output,
    mostParts: MOST_SUMMED_PARTS,
    dz: normalized,
    forward(step) {
      const z = builder.scratch(parts * rows * size);
      const operands = { x: slot(x, step), h: slot(hidden, step), parameters: parameters(context) };
      builder.dispatch(kernel, { ...operands, out: z }, { groups });
      builder.dispatch(normalize, { z, ...stateOf(step) }, { groups: [rows, 1, 1] });
      builder.release(z);
    },
    backward(step, dy, dh) {
      const [starts, has_next] = [Number(step === steps - 1), Number(step < steps - 1)];
      differentiate ??= recurrentNormBackward(norm, dy.parts);
      const views = { dy, ...stateOf(step), gradients, dh };
      builder.dispatch(differentiate, views, { groups: [rows, 1, 1], arguments: { starts, has_next } });
    },
    // The offset follows the gain, in the parameters as in the sums.
    finish: () => sumColumns(builder, gradients, rows, 2 * size, gradient(context, 'recurrent.gain')),
  };
}

/**
 * Lowers the recurrent layer.
 * @param x the layer's input at each step
 * @param hidden slot t + 1 is h after step t
 */
export function lowerRecurrent(context: Context, shape: RecurrentShape, x: Slots, hidden: Slots): LoweredRecurrent {
  const { builder, rows, steps } = context;
  const { size, layerNorm } = shape.spec;
  const inputGradient = inputGradientProduct(context, shape);
  const dh: View = { storage: builder.storage('hidden gradient', rows * size), offset: 0 };
  const end = (layerNorm ? normedEnd : plainEnd)(context, shape, x, hidden);
  return {
    output: end.output,
    mostParts: end.mostParts,
    forward: end.forward,
    backward(step, dy) {
      end.backward(step, dy, dh);
      builder.release(dy);
      const dx = builder.scratch(rows * shape.inputSize);
      const views = { dz: slot(end.dz, step), parameters: parameters(context), dx, dh };
      builder.dispatch(inputGradient.kernel, views, { groups: inputGradient.groups });
      return dx;
    },
    finish() {
      writeWeightGradient(context, shape, x, hidden, end.dz);
      sumColumns(builder, slot(end.dz, 0), steps * rows, size, gradient(context, 'recurrent.bias'));
      end.finish();
    },
  };
}
