import type { LayerShape, RnnEmShape } from '@nem/core';
import { type Slots, slot, type View } from '../plan/builder.js';
import type { CellSlots, LoweredCell } from './cell.js';
import type { Context } from './context.js';
import { type LoweredLayer, lowerLayer } from './layer.js';
import { lowerRecurrent } from './recurrent.js';
import { copyTo } from './sums.js';

const computes = ({ spec }: LayerShape) => spec.type !== 'reshape' && spec.type !== 'flatten';

/** What a stack of layers is lowered with. */
interface StackPlace {
  readonly x: Slots;
  /** Where the last layer that computes writes to. Default: a buffer of its own. */
  readonly end?: Slots;
  /** In how many parts the gradient by x may stand. Default 1. */
  readonly mostParts?: number;
}

/** Layers one after the other. */
function lowerStack(
  context: Context,
  shapes: readonly LayerShape[],
  { x, end, mostParts }: StackPlace,
): LoweredLayer[] {
  const layers: LoweredLayer[] = [];
  const computing = shapes.filter(computes);
  for (const [i, shape] of computing.entries()) {
    const next = computing[i + 1];
    const before = layers.at(-1) ?? { y: x, mostParts };
    const place = { x: before.y, mostParts: before.mostParts, y: next ? undefined : end, next, index: i };
    layers.push(lowerLayer(context, shape, place));
  }
  return layers;
}

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
  const first = shape.input.filter(computes).findIndex((layer) => layer.parameters.length > 0);
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
