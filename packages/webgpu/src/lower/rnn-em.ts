import type { LayerShape, RnnEmShape } from '@nem/core/spec';
import { type Slots, slot, type View } from '../plan/builder.js';
import type { CellSlots, LoweredCell } from './cell.js';
import type { Context } from './context.js';
import { type LoweredLayer, lowerLayer } from './layer.js';
import { lowerRecurrent } from './recurrent.js';
import { copyTo } from './sums.js';

const computes = ({ spec }: LayerShape) => spec.type !== 'reshape' && spec.type !== 'flatten';

/** Layers one after the other; the last one that computes writes to `end`, where it is given. */
function lowerStack(context: Context, shapes: readonly LayerShape[], x: Slots, end?: Slots): LoweredLayer[] {
  const layers: LoweredLayer[] = [];
  const computing = shapes.filter(computes);
  for (const [i, shape] of computing.entries()) {
    const next = computing[i + 1];
    layers.push(lowerLayer(context, shape, { x: layers[i - 1]?.y ?? x, y: next ? undefined : end, next, index: i }));
  }
  return layers;
}

/** RNN-EM: input layers, the recurrent layer, output layers. */
export function lowerRnnEm(context: Context, shape: RnnEmShape, { input, psi, hidden }: CellSlots): LoweredCell {
  const { builder, rows, pixels } = context;
  const encoder = lowerStack(context, shape.input, input);
  const recurrent = lowerRecurrent(context, shape.recurrent, encoder.at(-1)?.y ?? input, hidden);
  const decoder = lowerStack(context, shape.output, recurrent.output, psi);
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
