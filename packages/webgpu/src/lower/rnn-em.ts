import type { RnnEmShape } from '@nem/core';
import { slot, type View } from '../plan/builder.js';
import { required } from '../required.js';
import type { CellSlots, LoweredCell } from './cell.js';
import type { Context } from './context.js';
import type { LoweredLayer } from './layer.js';
import { lowerRecurrent } from './recurrent.js';
import { computingLayers, lowerStack } from './stack.js';
import { copyTo } from './sums.js';

/** Goes back through output layers; gives the gradient with respect to their input. @param sloped as the last layer's incoming gradient is */
function backThroughDecoder(decoder: readonly LoweredLayer[], step: number, dpsi: View, sloped: boolean): View {
  let view = dpsi;
  for (const [i, layer] of [...decoder.entries()].reverse()) {
    view = layer.backward(step, { view, sloped: sloped && i === decoder.length - 1 }, true) as View;
  }
  return view;
}

/** Goes back through input layers, down to the number `lowest`; gives the gradient with respect to the input where `wanted`. */
function backThroughEncoder(
  encoder: readonly LoweredLayer[],
  step: number,
  dy: View,
  lowest: number,
  wanted: boolean,
): View | undefined {
  let view: View | undefined = dy;
  for (const [i, layer] of [...encoder.entries()].reverse()) {
    view = layer.backward(step, { view, sloped: false }, wanted || i > lowest);
    if (view === undefined) return undefined;
  }
  return view;
}

/** RNN-EM: input layers (the encoder), the recurrent layer, output layers (the decoder). */
export function lowerRnnEm(context: Context, shape: RnnEmShape, { input, psi, hidden }: CellSlots): LoweredCell {
  const { builder, rows, pixels } = context;
  const encoder = lowerStack(context, shape.input, { x: input });
  const recurrent = lowerRecurrent(context, shape.recurrent, encoder.at(-1)?.y ?? input, hidden);
  const { output, mostParts } = recurrent;
  const decoder = lowerStack(context, shape.output, { x: output, end: psi, mostParts });
  const end = decoder.at(-1);
  // At the first step nothing needs the gradient below the first layer that has parameters.
  const first = computingLayers(shape.input).findIndex((layer) => layer.shape.parameters.length > 0);
  /** The gradients with respect to ψ that `incoming` has made room for, by step. */
  const waiting = new Map<number, View>();
  return {
    incoming(step) {
      if (end?.sloped) return { view: slot(end.sloped.dz, step), activation: end.sloped.activation };
      const view = builder.scratch(rows * pixels);
      waiting.set(step, view);
      return { view, activation: 'linear' };
    },
    forward(step) {
      for (const layer of [...encoder, recurrent, ...decoder]) layer.forward(step);
      if (!end) copyTo(builder, slot(output, step), rows * pixels, slot(psi, step));
    },
    backward(step, wanted) {
      const dpsi = end?.sloped ? slot(end.sloped.dz, step) : required(waiting, step);
      const dy = recurrent.backward(step, backThroughDecoder(decoder, step, dpsi, end?.sloped !== undefined));
      const dx = backThroughEncoder(encoder, step, dy, Math.max(first, 0), wanted);
      for (const layer of [...decoder, ...encoder]) layer.weights(step);
      if (!wanted && dx) builder.release(dx);
      return wanted ? dx : undefined;
    },
    finish() {
      for (const layer of [...encoder, recurrent, ...decoder]) layer.finish();
    },
  };
}
