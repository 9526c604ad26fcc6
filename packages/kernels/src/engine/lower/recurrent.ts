/**
 * The recurrent layer of RNN-EM. A row is one component of one sample; there are R. At each step, from the layer's input x [R, inputs]
 * and the hidden state h [R, size] of the step before, with W [inputs + size, size], whose upper and lower parts are Wx and Wh, and b:
 *
 *     z  = x Wx + h Wh + b                  [R, size]
 *     h′ = activation(z)                    the hidden state after the step
 *     y  = h′                               the layer's output; with a layer norm: activation(norm(z))
 *
 * Backward, from the last step to the first, from dy and, in all steps but the last, dh′, which the step after has left:
 *
 *     dz = (dy + dh′) · activation′(h′)                                 without a layer norm
 *     dz = the norm's gradient of dy, plus dh′ · activation′(h′)        with one
 *     dx = dz Wxᵀ, dh = dz Whᵀ
 *
 * After all steps one product over all of their rows gives dWx, and another one dWh.
 */

import { LAYER_NORM_EPSILON, type RecurrentShape } from '@nem/core';
import { activationGradient } from '../../instructions/activation.js';
import type { View } from '../../instructions/instruction.js';
import { normBackward, normForward } from '../../instructions/norm.js';
import { columnSums } from '../../instructions/sums.js';
import { part } from '../plan/layout.js';
import { matrix } from '../plan/program-builder.js';
import { activationNumber } from './activation-numbers.js';
import { type Context, wholeStep } from './context.js';
import { allSteps, backwardOf, packBothWays, weightGradient } from './dense.js';
import { allocateSlots, keptOutput, type Output, type Slots, slot } from './rows.js';

/** The recurrent layer as instructions. */
export interface LoweredRecurrent {
  readonly output: Output;
  forward(step: number): void;
  /** Steps go from the last to the first: dh stays here for the step before. @param dy overwritten */
  backward(step: number, dy: View, dx: View | undefined): void;
  finish(): void;
}

/** What depends on whether the layer has a layer norm. */
interface End {
  readonly output: Output;
  /** Where z goes, and the number of the activation with which it goes there. */
  z(step: number): { readonly view: View; readonly activation: number };
  /** Writes h′ and the output from z, where that is not done. */
  forward(step: number): void;
  /** dz at each step, once `backward` has written it. */
  readonly dz: Slots | undefined;
  /** @param dh undefined in the last step */
  backward(step: number, dy: View, dh: View | undefined): void;
  /** Completes the gradients of the bias and the norm's parameters. */
  finish(): void;
}

/** Slot t + 1 of the hidden state. */
const after = (context: Context, hidden: Slots, step: number) => slot(hidden, wholeStep(context, step + 1));

/** Without a layer norm: z becomes h′ at once, and h′ is the output. */
function plainEnd(context: Context, { spec }: RecurrentShape, hidden: Slots): End {
  const { builder, rows, steps, training } = context;
  const { size } = spec;
  const activation = activationNumber[spec.activation];
  const count = rows * size;
  const dz = training ? allocateSlots(context, steps, size) : undefined;
  return {
    output: keptOutput({ ...hidden, view: part(hidden.view, count, hidden.view.length - count) }),
    z: (step) => ({ view: after(context, hidden, step), activation }),
    forward: () => undefined,
    dz,
    backward(step, dy, added) {
      const views = { dy, added, y: after(context, hidden, step), dz: slot(dz!, wholeStep(context, step)) };
      builder.emit(activationGradient, { count, activation, ...views });
    },
    finish() {
      const out = context.gradient('recurrent.bias');
      builder.emit(columnSums, { rows: steps * rows, columns: size, x: allSteps(context, dz!), out });
    },
  };
}

/** With a layer norm: one instruction writes the output and h′ from z. dz is written over the normalised rows. */
function normedEnd(context: Context, { spec }: RecurrentShape, hidden: Slots): End {
  const { builder, rows, steps, training, parameter, gradient } = context;
  const { size } = spec;
  const norm = { rows, length: size, channels: size, activation: activationNumber[spec.activation] };
  const y = allocateSlots(context, steps, size);
  const normalized = training ? allocateSlots(context, steps, size) : y;
  const scale = allocateSlots(context, steps, 1);
  const gain = parameter('recurrent.gain');
  const stateOf = (step: number) => {
    const at = wholeStep(context, step);
    const own = { normalized: slot(normalized, at), scale: slot(scale, at), y: slot(y, at), gain };
    return { ...own, hidden: after(context, hidden, step) };
  };
  return {
    output: keptOutput(y),
    z: (step) => ({ view: slot(normalized, wholeStep(context, step)), activation: activationNumber.linear }),
    forward(step) {
      const { normalized: z, ...state } = stateOf(step);
      const offset = parameter('recurrent.offset');
      const kept = training ? z : undefined;
      builder.emit(normForward, { ...norm, epsilon: LAYER_NORM_EPSILON, z, offset, normalized: kept, ...state });
    },
    dz: normalized,
    backward(step, dy, hiddenGradient) {
      const sums = { gainSum: gradient('recurrent.gain'), offsetSum: gradient('recurrent.offset') };
      const biasSum = gradient('recurrent.bias');
      builder.emit(normBackward, { ...norm, dy, ...stateOf(step), ...sums, biasSum, hiddenGradient });
    },
    finish: () => undefined,
  };
}

/** The products of the layer with the two parts of its weights. */
function products(context: Context, { spec, inputSize }: RecurrentShape) {
  const { parameter } = context;
  const { size } = spec;
  const whole = parameter('recurrent.weights');
  return {
    ofInput: packBothWays(context, part(whole, 0, inputSize * size), inputSize, size),
    ofHidden: packBothWays(context, part(whole, inputSize * size, size * size), size, size),
    bias: parameter('recurrent.bias'),
  };
}

/** dW from the rows of all steps. The first step's h is 0 and adds nothing. */
function finishWeights(
  context: Context,
  { spec, inputSize }: RecurrentShape,
  x: Output,
  hidden: Slots,
  dz: View,
): void {
  const { rows, steps } = context;
  const { size } = spec;
  const gradient = context.gradient('recurrent.weights');
  const inputs = { at: x.again(wholeStep(context, 0)).at, length: steps * rows * inputSize };
  weightGradient(context, inputs, dz, part(gradient, 0, inputSize * size));
  if (steps === 1) return;
  const count = (steps - 1) * rows * size;
  const later = { ...context, steps: steps - 1 };
  const [h, dzLater] = [part(hidden.view, rows * size, count), part(dz, rows * size, count)];
  weightGradient(later, h, dzLater, part(gradient, inputSize * size, size * size));
}

/**
 * Lowers the recurrent layer.
 * @param hidden slot t + 1 is h after step t
 */
export function lowerRecurrent(context: Context, shape: RecurrentShape, x: Output, hidden: Slots): LoweredRecurrent {
  const { builder, rows, steps, training } = context;
  const { size, layerNorm } = shape.spec;
  const { inputSize } = shape;
  const { ofInput, ofHidden, bias } = products(context, shape);
  const end = (layerNorm ? normedEnd : plainEnd)(context, shape, hidden);
  const dh = training ? builder.layout.allocate(rows * size) : undefined;
  return {
    output: end.output,
    forward(step) {
      const { view: c, activation } = end.z(step);
      // Training starts with h = 0.
      const isFirst = training && step === 0;
      const a = matrix(x.read(wholeStep(context, step)), inputSize);
      const first = { m: rows, n: size, k: inputSize, a, weights: ofInput.forward, c, bias };
      builder.product({ ...first, activation: isFirst ? activation : activationNumber.linear });
      if (!isFirst) {
        const h = matrix(slot(hidden, wholeStep(context, step)), size);
        builder.product({
          m: rows,
          n: size,
          k: size,
          a: h,
          weights: ofHidden.forward,
          c,
          accumulate: true,
          activation,
        });
      }
      end.forward(step);
    },
    backward(step, dy, dx) {
      end.backward(step, dy, step < steps - 1 ? dh : undefined);
      const a = matrix(slot(end.dz!, wholeStep(context, step)), size);
      if (dx) builder.product({ m: rows, n: inputSize, k: size, a, weights: backwardOf(ofInput), c: dx });
      if (step > 0) builder.product({ m: rows, n: size, k: size, a, weights: backwardOf(ofHidden), c: dh! });
    },
    finish() {
      finishWeights(context, shape, x, hidden, allSteps(context, end.dz!));
      end.finish();
    },
  };
}
