import type { DenseSpec, LayerShape } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import { matrix, type PackedWeights, transposed } from '../plan/program-builder.js';
import type { Affine } from './affine.js';
import type { Context } from './context.js';
import { wholeStep } from './context.js';
import type { Output, Slots } from './rows.js';

/** W [inputs, outputs] packed for x W, and in training for dz Wᵀ. */
export function packBothWays({ builder, training }: Context, weights: View, inputs: number, outputs: number) {
  return {
    forward: builder.pack(inputs, outputs, matrix(weights, outputs)),
    backward: training ? builder.pack(outputs, inputs, transposed(weights, outputs)) : undefined,
  };
}

/** The packed weights of the backward half, which only training has. */
export function backwardOf({ backward }: { readonly backward: PackedWeights | undefined }): PackedWeights {
  if (!backward) throw new Error('there is no backward half in inference');
  return backward;
}

/** dW [inputs, outputs] = Σ xᵀ dz over the rows of all steps. */
export function weightGradient({ builder, rows, steps }: Context, x: View, dz: View, to: View, accumulate = false) {
  const k = steps * rows;
  const [m, n] = [x.length / k, dz.length / k];
  builder.productOnce({ m, n, k, a: transposed(x, m), b: matrix(dz, n), c: to, accumulate });
}

/** All of the steps of an array that is kept. */
export function allSteps(context: Context, { view, rows, size }: Slots): View {
  return { at: view.at, length: context.steps * rows * size };
}

/** The affine map of a dense layer: W [inputs, outputs] and b [outputs]. A step is one product; so is the weights' gradient. */
export function denseAffine(context: Context, shape: LayerShape<DenseSpec>, x: Output): Affine {
  const { builder, steps, rows } = context;
  const { name } = shape;
  const [inputs, outputs] = [x.size, shape.spec.size];
  const weights = packBothWays(context, context.parameter(`${name}.weights`), inputs, outputs);
  const bias = context.parameter(`${name}.bias`);
  return {
    widest: outputs,
    forward(rows, x, c, activation) {
      const a = matrix(x, inputs);
      builder.product({ m: rows, n: outputs, k: inputs, a, weights: weights.forward, c, bias, activation });
    },
    inputGradient(rows, dz, c) {
      const a = matrix(dz, outputs);
      builder.product({ m: rows, n: inputs, k: outputs, a, weights: backwardOf(weights), c });
    },
    addWeightGradient: () => undefined,
    finish(dz) {
      if (!dz) throw new Error('a dense layer keeps its gradient at all steps');
      // The input is kept at all steps, one after the other.
      const first = x.again(wholeStep(context, 0));
      const all = { at: first.at, length: steps * rows * inputs };
      weightGradient(context, all, allSteps(context, dz), context.gradient(`${name}.weights`));
    },
  };
}
