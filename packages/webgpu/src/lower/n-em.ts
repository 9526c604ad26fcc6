/**
 * N-EM as launches. With W [pixels, size] and the learned step η, a step takes R = batch · components rows and from the masked input
 * γ ⊙ (x̃ − ψ) [R, pixels] and θ [R, size] of the step before gives
 *
 *     ascent = input W                               [R, size]
 *     θ′     = θ + η · s(1 − s) · ascent             with s = sigmoid(θ)
 *     s′     = sigmoid(θ′)                           `squashed`
 *     ψ      = sigmoid(s′ Wᵀ)                        [R, pixels]
 *
 * Backward, from dlogits, the gradient with respect to s′ Wᵀ:
 *
 *     ds′    = dlogits W, which gives dθ, dascent and dη: see `kernels/n-em.ts`
 *     dinput = dascent Wᵀ
 *     dW     = dlogitsᵀ s′ + inputᵀ dascent          over the rows of all steps
 */

import type { NemShape } from '@nem/core';
import { nemUpdate, nemUpdateGradient } from '../kernels/n-em.js';
import { inVectors, reading } from '../kernels/operand.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import type { CellSlots, LoweredCell } from './cell.js';
import { type Context, gradient, parameters } from './context.js';
import { matrixProduct } from './matrix.js';
import { sumColumns, type WeightGradient, weightGradient } from './sums.js';

/** The buffers of N-EM beside those of the sequence. */
function nemSlots({ builder, rows, steps, training }: Context, size: number) {
  const kept = training ? steps : 1;
  const count = rows * size;
  return {
    ascent: builder.slots('ascent', kept, count),
    squashed: builder.slots('squashed', kept, count),
    /** dθ, from a step to the one before. */
    carried: { storage: builder.storage('θ gradient', count), offset: 0 } satisfies View,
    /** dη by element, summed up over the steps. */
    stepSums: { storage: builder.storage('step gradient', count), offset: 0 } satisfies View,
  };
}

/** The four products of a step: forward, perhaps in half precision, and backward. */
function nemProducts(context: Context, size: number) {
  const { rows, pixels, float16 } = context;
  const at = context.parameterAt('nem.weights');
  const encode = { name: 'n-em encode', rows, inputs: pixels, outputs: size, at };
  const decode = { name: 'n-em decode', rows, inputs: size, outputs: pixels, at, transposed: true };
  return {
    toAscent: matrixProduct({ ...encode, float16 }),
    toPsi: matrixProduct({ ...decode, activation: 'sigmoid', float16 }),
    toSquashedGradient: matrixProduct(encode),
    toInputGradient: matrixProduct(decode),
  };
}

/** What the update of θ and its gradient bind of a step. */
const stateOf = (
  context: Context,
  { theta, ascent, squashed }: { readonly [name in 'theta' | 'ascent' | 'squashed']: Slots },
  step: number,
) => ({
  theta: slot(theta, step),
  ascent: slot(ascent, step),
  squashed: slot(squashed, step),
  parameters: parameters(context),
});

/** Lowers N-EM: see the top of this file. */
export function lowerNem(context: Context, { hiddenSize: size }: NemShape, slots: CellSlots): LoweredCell {
  const { builder, rows, pixels, steps } = context;
  const { input, psi, hidden } = slots;
  // The gradient with respect to the logits overwrites ψ, which the backward half does not read otherwise.
  const logits = psi;
  const count = rows * size;
  const stepAt = context.parameterAt('nem.step');
  const { ascent, squashed, carried, stepSums } = nemSlots(context, size);
  const { toAscent, toPsi, toSquashedGradient, toInputGradient } = nemProducts(context, size);
  const [update, differentiate] = [nemUpdate(count, stepAt), nemUpdateGradient(count, stepAt)];
  const multiply = ({ kernel, groups }: ReturnType<typeof matrixProduct>, x: View, out: View) =>
    builder.dispatch(kernel, { x, parameters: parameters(context), out }, { groups });
  const state = { theta: hidden, ascent, squashed };
  return {
    incoming: (step) => ({ view: slot(logits, step), activation: 'sigmoid' }),
    forward(step) {
      multiply(toAscent, slot(input, step), slot(ascent, step));
      const to_next = hidden.at(step + 1) - hidden.at(step);
      builder.dispatch(update, stateOf(context, state, step), { groups: cover(count), arguments: { to_next } });
      multiply(toPsi, slot(squashed, step), slot(psi, step));
    },
    backward(step, wanted) {
      const decoded = builder.scratch(count);
      multiply(toSquashedGradient, slot(logits, step), decoded);
      const views = { decoded, ...stateOf(context, state, step), carried, steps: stepSums };
      const has_next = Number(step < steps - 1);
      builder.dispatch(differentiate, views, { groups: cover(count), arguments: { has_next } });
      builder.release(decoded);
      if (!wanted) return undefined;
      const dx = builder.scratch(rows * pixels);
      multiply(toInputGradient, slot(ascent, step), dx);
      return dx;
    },
    finish() {
      weights(context, size, { logits, squashed, input, ascent }).finish();
      sumColumns(builder, stepSums, count, 1, gradient(context, 'nem.step'));
    },
  };
}

/** dW, of both uses of the weights in one product: [dlogits; input]ᵀ [s′; dascent], twice as long along the inner dimension. */
function weights(
  context: Context,
  size: number,
  { logits, squashed, input, ascent }: { readonly [name in 'logits' | 'squashed' | 'input' | 'ascent']: Slots },
): WeightGradient {
  const { pixels, steps } = context;
  const rows = steps * context.rows;
  const [leftVector, rightVector] = [inVectors(pixels), inVectors(size)];
  const [left, right] = [reading(leftVector), reading(rightVector)];
  return weightGradient(
    context,
    {
      name: 'n-em weight gradient',
      bindings: { logits: left, squashed: right, masked: left, ascent: right },
      m: pixels,
      n: size,
      k: 2 * rows,
      left: {
        alongInner: false,
        vector: leftVector,
        body: ({ suffix }) => `if (inner < ${rows}u) { return logits${suffix}(inner * ${pixels}u + row); }
  return masked${suffix}((inner - ${rows}u) * ${pixels}u + row);`,
      },
      right: {
        alongInner: false,
        vector: rightVector,
        body: ({ suffix }) => `if (inner < ${rows}u) { return squashed${suffix}(inner * ${size}u + column); }
  return ascent${suffix}((inner - ${rows}u) * ${size}u + column);`,
      },
    },
    { logits: slot(logits, 0), squashed: slot(squashed, 0), masked: slot(input, 0), ascent: slot(ascent, 0) },
    gradient(context, 'nem.weights'),
  );
}
