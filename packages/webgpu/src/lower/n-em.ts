import type { NemShape } from '@nem/core/spec';
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
  return {
    incoming: (step) => ({ view: slot(logits, step), activation: 'sigmoid' }),
    forward(step) {
      builder.dispatch(toHidden.kernel, [slot(input, step), parameters(context), slot(ascent, step)], toHidden.groups);
      const views = [slot(hidden, step), slot(ascent, step), parameters(context), slot(squashed, step)];
      builder.dispatch(update, views, cover(count), [hidden.at(step + 1) - hidden.at(step)]);
      builder.dispatch(toPixels.kernel, [slot(squashed, step), parameters(context), slot(psi, step)], toPixels.groups);
    },
    backward(step, wanted) {
      const decoded = builder.scratch(count);
      builder.dispatch(
        encodeGradient.kernel,
        [slot(logits, step), parameters(context), decoded],
        encodeGradient.groups,
      );
      const state = [slot(squashed, step), slot(hidden, step), parameters(context), carried];
      const views = [decoded, ...state, slot(ascent, step), stepSums];
      builder.dispatch(differentiate, views, cover(count), [step < steps - 1 ? 1 : 0]);
      builder.release(decoded);
      if (!wanted) return undefined;
      const dx = builder.scratch(rows * pixels);
      builder.dispatch(back.kernel, [slot(ascent, step), parameters(context), dx], back.groups);
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
      buffers: { logits: left, squashed: right, masked: left, ascent: right },
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
    [slot(logits, 0), slot(squashed, 0), slot(input, 0), slot(ascent, 0)],
    gradient(context, 'nem.weights'),
  );
}
