import { elements, type InputNormSpec, type LayerShape } from '@nem/core';
import { copy } from '../../instructions/memory.js';
import { standardize, standardizeGradient } from '../../instructions/norm.js';
import type { Context } from './context.js';
import type { LayerPlace, LoweredLayer } from './layer.js';
import { allocateSlots, keptOutput, slot } from './rows.js';

/** Normalises each row to mean 0 and variance 1. The output is kept, for the gradient is a function of it. */
export function lowerInputNorm(
  context: Context,
  { inputShape }: LayerShape<InputNormSpec>,
  { x, psi }: LayerPlace,
): LoweredLayer {
  const { builder, steps } = context;
  const length = elements(inputShape);
  const slots = psi ?? allocateSlots(context, steps, length);
  const scale = allocateSlots(context, steps, 1);
  const output = keptOutput(slots);
  return {
    input: x,
    output,
    widest: length,
    forward(at) {
      const views = { x: x.read(at), y: output.begin(at), scale: slot(scale, at) };
      builder.emit(standardize, { rows: at.rows, length, ...views });
    },
    backward(at, dy, dx) {
      if (!dx) return;
      builder.emit(standardizeGradient, { rows: at.rows, length, y: slot(slots, at), scale: slot(scale, at), dy });
      builder.emit(copy, { count: at.rows * length, x: dy, out: dx });
    },
    finish: () => undefined,
  };
}
