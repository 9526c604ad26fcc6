import { elements, type LayerShape } from '@nem/core';
import { inputNormBackward, inputNormForward } from '../kernels/norm.js';
import { slot } from '../plan/builder.js';
import type { Context } from './context.js';
import type { LayerPlace, LoweredLayer } from './layer.js';
import { outputSlots } from './outputs.js';

/** The normalisation of the input, which has no parameters: y = (x − mean) / √variance of each row. */
export function lowerInputNorm(
  context: Context,
  shape: LayerShape,
  { x, index, y = outputSlots(context, shape, true, index) }: LayerPlace,
): LoweredLayer {
  const { builder, rows, steps, training } = context;
  const size = elements(shape.inputShape);
  const scale = builder.slots(`${shape.name} scale`, training ? steps : 1, rows);
  const [forward, backward] = [inputNormForward(rows, size), inputNormBackward(rows, size)];
  const groups = [rows, 1, 1] as const;
  return {
    y,
    mostParts: 1,
    forward(step) {
      builder.dispatch(forward, { z: slot(x, step), scale: slot(scale, step), y: slot(y, step) }, { groups });
    },
    backward(step, { view }, wanted) {
      const dx = wanted ? builder.scratch(rows * size) : undefined;
      if (dx) builder.dispatch(backward, { dy: view, y: slot(y, step), scale: slot(scale, step), dx }, { groups });
      builder.release(view);
      return dx;
    },
    weights() {},
    finish() {},
  };
}
