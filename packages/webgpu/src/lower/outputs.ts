import { elements, type LayerShape } from '@nem/core';
import type { Slots } from '../plan/builder.js';
import type { Context } from './context.js';

/**
 * A buffer for a layer's outputs, [slots, rows, …output shape]. Without a backward half only the next layer reads an output: then the layers
 * of all stacks write to two buffers in turn.
 * @param kept whether the backward half reads the output of every step, or else only of one step at a time
 * @param index the layer's number among those of its stack that compute
 */
export function outputSlots(context: Context, { name, outputShape }: LayerShape, kept: boolean, index = 0): Slots {
  const { builder, rows, steps, training } = context;
  const count = rows * elements(outputShape);
  return training ? builder.slots(name, kept ? steps : 1, count) : builder.shared(`outputs ${index % 2}`, count);
}
