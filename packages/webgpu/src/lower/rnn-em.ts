import type { RnnEmShape } from '@nem/core';
import { slot, type View } from '../plan/builder.js';
import type { CellSlots, LoweredCell } from './cell.js';
import type { Context } from './context.js';
import { lowerRecurrent } from './recurrent.js';
import { computingLayers, lowerStack } from './stack.js';
import { copyTo } from './sums.js';

/** RNN-EM: input layers, the recurrent layer, output layers. */
export function lowerRnnEm(context: Context, shape: RnnEmShape, { input, psi, hidden }: CellSlots): LoweredCell {
  const { builder, rows, pixels } = context;
  const encoder = lowerStack(context, shape.input, { x: input });
  const recurrent = lowerRecurrent(context, shape.recurrent, encoder.at(-1)?.y ?? input, hidden);
  const decoder = lowerStack(context, shape.output, {
    x: recurrent.output,
    end: psi,
    mostParts: recurrent.mostParts,
  });
  const end = decoder.at(-1);
  // At the first step nothing needs the gradient below the first layer that has parameters.
  const first = computingLayers(shape.input).findIndex(({ shape }) => shape.parameters.length > 0);
  const waiting = new Map<number, View>();
  return {
    incoming(step) {
      if (end?.sloped) return { view: slot(end.sloped.dz, step), activation: end.sloped.activation };
      const view = builder.scratch(rows * pixels);
      waiting.set(step, view);
      return { view, activation: 'linear' };
    },
    forward(step) {
      for (const layer of encoder) layer.forward(step);
      recurrent.forward(step);
      for (const layer of decoder) layer.forward(step);
      if (!end) copyTo(builder, slot(recurrent.output, step), rows * pixels, slot(psi, step));
    },
    backward(step, wanted) {
      const sloped = end?.sloped;
      let view = sloped ? slot(sloped.dz, step) : (waiting.get(step) as View);
      for (const [i, layer] of [...decoder.entries()].reverse()) {
        view = layer.backward(step, { view, sloped: i === decoder.length - 1 && sloped !== undefined }, true) as View;
      }
      let next: View | undefined = recurrent.backward(step, view);
      for (const [i, layer] of [...encoder.entries()].reverse()) {
        next = layer.backward(step, { view: next as View, sloped: false }, wanted || i > Math.max(first, 0));
        if (next === undefined) break;
      }
      for (const layer of [...decoder, ...encoder]) layer.weights(step);
      if (!wanted && next) builder.release(next);
      return wanted ? next : undefined;
    },
    finish() {
      for (const layer of [...encoder, recurrent, ...decoder]) layer.finish();
    },
  };
}
