/**
 * N-EM. With W [pixels, size] and the learned step η, a step takes R rows and gives, from the masked input γ ⊙ (x̃ − ψ) [R, pixels] and
 * θ [R, size] of the step before,
 *
 *     ascent = input W                               [R, size]
 *     θ′     = θ + η · s(1 − s) · ascent             with s = sigmoid(θ)
 *     s′     = sigmoid(θ′)                           `squashed`
 *     ψ      = sigmoid(s′ Wᵀ)                        [R, pixels]
 *
 * Backward, from dlogits, the gradient with respect to s′ Wᵀ, which stands in the place of ψ:
 *
 *     ds′    = dlogits W, which gives dθ, dascent (in the place of ascent) and dη
 *     dinput = dascent Wᵀ
 *     dW     = dlogitsᵀ s′ + inputᵀ dascent          over the rows of all steps
 */

import type { NemShape } from '@nem/core';
import { nemUpdate, nemUpdateGradient } from '../../instructions/n-em.js';
import { matrix, transposed } from '../plan/program-builder.js';
import { activationNumber } from './activation-numbers.js';
import type { CellSlots, LoweredCell } from './cell.js';
import { type Context, wholeStep } from './context.js';
import { allSteps, weightGradient } from './dense.js';
import { allocateSlots, slot } from './rows.js';

/** Lowers N-EM: see the top of this file. */
export function lowerNem(context: Context, { hiddenSize: size }: NemShape, slots: CellSlots): LoweredCell {
  const { builder, rows, pixels, steps, training } = context;
  const { input, psi, hidden } = slots;
  const weights = context.parameter('nem.weights');
  const step = context.parameter('nem.step');
  const encode = builder.pack(pixels, size, matrix(weights, size));
  const decode = builder.pack(size, pixels, transposed(weights, size));
  const ascent = allocateSlots(context, steps, size);
  const squashed = allocateSlots(context, steps, size);
  const count = rows * size;
  const carried = training ? builder.layout.allocate(count) : undefined;
  const toHidden = { m: rows, n: size, k: pixels, weights: encode };
  const toPixels = { m: rows, n: pixels, k: size, weights: decode };
  /** What the update and its gradient have in common. */
  const stateOf = (t: number) => {
    const at = wholeStep(context, t);
    return { count, theta: slot(hidden, at), ascent: slot(ascent, at), squashed: slot(squashed, at), step };
  };
  return {
    incoming: (t) => ({ view: slot(psi, wholeStep(context, t)), activation: activationNumber.sigmoid }),
    forward(t) {
      const at = wholeStep(context, t);
      const state = stateOf(t);
      builder.product({ ...toHidden, a: matrix(slot(input, at), pixels), c: state.ascent });
      builder.emit(nemUpdate, { ...state, next: slot(hidden, wholeStep(context, t + 1)) });
      const result = { c: slot(psi, at), activation: activationNumber.sigmoid };
      builder.product({ ...toPixels, a: matrix(state.squashed, size), ...result });
    },
    backward(t, dx) {
      const state = stateOf(t);
      const decoded = builder.layout.allocate(count);
      builder.product({ ...toHidden, a: matrix(slot(psi, wholeStep(context, t)), pixels), c: decoded });
      const hasNext = Number(t < steps - 1);
      const stepSum = context.gradient('nem.step');
      builder.emit(nemUpdateGradient, { ...state, decoded, carried: carried!, hasNext, stepSum });
      builder.layout.release(decoded);
      if (dx) builder.product({ ...toPixels, a: matrix(state.ascent, size), c: dx });
    },
    finish() {
      const to = context.gradient('nem.weights');
      weightGradient(context, allSteps(context, psi), allSteps(context, squashed), to);
      weightGradient(context, allSteps(context, input), allSteps(context, ascent), to, true);
    },
  };
}
