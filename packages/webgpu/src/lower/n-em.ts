import type { NemShape } from '@nem/core';
import { nemUpdate, nemUpdateGradient } from '../kernels/n-em.js';
import { inVectors, reading } from '../kernels/operand.js';
import { type Slots, slot, type View } from '../plan/builder.js';
import { cover } from '../plan/kernel.js';
import type { CellSlots, LoweredCell } from './cell.js';
import { type Context, gradient, parameters } from './context.js';
import { matrixProduct } from './matrix.js';
import { sumColumns, type WeightGradient, weightGradient } from './sums.js';

/** N-EM: θ ← θ + η · s(1 − s) · (input W), ψ = sigmoid(sigmoid(θ) Wᵀ). */
export function lowerNem(context: Context, { hiddenSize: size }: NemShape, slots: CellSlots): LoweredCell {
  const { builder, rows, pixels, steps, training, float16 } = context;
  const { input, psi, hidden } = slots;
  const kept = training ? steps : 1;
  const count = rows * size;
  const stepAt = context.parameterAt('nem.step');
  const ascent = builder.slots('ascent', kept, count);
  const squashed = builder.slots('squashed', kept, count);
  // The gradient by the logits goes over ψ, which nothing else reads on the way back.
  const logits = psi;
  const carried: View = { storage: builder.storage('θ gradient', count), offset: 0 };
  const stepSums: View = { storage: builder.storage('step gradient', count), offset: 0 };
  const at = context.parameterAt('nem.weights');
  const encode = { name: 'n-em encode', rows, inputs: pixels, outputs: size, at };
  const decode = { name: 'n-em decode', rows, inputs: size, outputs: pixels, at, transposed: true };
  const toHidden = matrixProduct({ ...encode, float16 });
  const toPixels = matrixProduct({ ...decode, activation: 'sigmoid', float16 });
  const [encodeGradient, back] = [matrixProduct(encode), matrixProduct(decode)];
  const [update, differentiate] = [nemUpdate(count, stepAt), nemUpdateGradient(count, stepAt)];
  const multiply = ({ kernel, groups }: ReturnType<typeof matrixProduct>, x: View, out: View) =>
    builder.dispatch(kernel, { x, parameters: parameters(context), out }, { groups });
  return {
    incoming: (step) => ({ view: slot(logits, step), activation: 'sigmoid' }),
    forward(step) {
      const [s, up] = [slot(squashed, step), slot(ascent, step)];
      multiply(toHidden, slot(input, step), up);
      builder.dispatch(
        update,
        { theta: slot(hidden, step), ascent: up, parameters: parameters(context), squashed: s },
        { groups: cover(count), arguments: { to_next: hidden.at(step + 1) - hidden.at(step) } },
      );
      multiply(toPixels, s, slot(psi, step));
    },
    backward(step, wanted) {
      const decoded = builder.scratch(count);
      multiply(encodeGradient, slot(logits, step), decoded);
      builder.dispatch(
        differentiate,
        {
          decoded,
          squashed: slot(squashed, step),
          theta: slot(hidden, step),
          parameters: parameters(context),
          carried,
          ascent: slot(ascent, step),
          steps: stepSums,
        },
        { groups: cover(count), arguments: { has_next: Number(step < steps - 1) } },
      );
      builder.release(decoded);
      if (!wanted) return undefined;
      const dx = builder.scratch(rows * pixels);
      multiply(back, slot(ascent, step), dx);
      return dx;
    },
    finish() {
      weights(context, size, logits, squashed, input, ascent).finish();
      sumColumns(builder, stepSums, count, 1, gradient(context, 'nem.step'));
    },
  };
}

/** Both uses of the weights in one product: [logits; input]ᵀ [s; ascent], twice as long along k. */
function weights(
  context: Context,
  size: number,
  logits: Slots,
  squashed: Slots,
  input: Slots,
  ascent: Slots,
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
