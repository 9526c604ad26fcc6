import type { RnnEmShape } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import { copy } from '../../instructions/memory.js';
import { activationNumber } from './activation-numbers.js';
import type { CellSlots, LoweredCell } from './cell.js';
import { type Context, wholeStep } from './context.js';
import { lowerRecurrent } from './recurrent.js';
import { keptOutput, slot } from './rows.js';
import { lowerStack } from './stack.js';

/** RNN-EM: input layers (the encoder), the recurrent layer, output layers (the decoder). */
export function lowerRnnEm(context: Context, shape: RnnEmShape, { input, psi, hidden }: CellSlots): LoweredCell {
  const { builder, rows, pixels } = context;
  const { layout } = builder;
  const encoder = lowerStack(context, shape.input, keptOutput(input));
  const recurrent = lowerRecurrent(context, shape.recurrent, encoder.output, hidden);
  const decoder = lowerStack(context, shape.output, recurrent.output, psi);
  const encodes = shape.input.some(({ parameters }) => parameters.length > 0);
  /** The gradient with respect to ψ, where it has no place of its own. */
  let incoming: View | undefined;
  const release = (view: View | undefined) => view && layout.release(view);
  /** Goes back through the recurrent layer and the encoder. */
  function backFromRecurrent(step: number, dy: View, dx: View | undefined): void {
    if (encoder.isEmpty) {
      recurrent.backward(step, dy, dx);
      return;
    }
    const between = dx || encodes ? layout.allocate(rows * shape.recurrent.inputSize) : undefined;
    recurrent.backward(step, dy, between);
    if (between) encoder.backward(step, between, dx);
    release(between);
  }
  return {
    incoming(step) {
      if (decoder.sloped !== undefined)
        return { view: slot(psi, wholeStep(context, step)), activation: decoder.sloped };
      incoming = layout.allocate(rows * pixels);
      return { view: incoming, activation: activationNumber.linear };
    },
    forward(step) {
      encoder.forward(step);
      recurrent.forward(step);
      decoder.forward(step);
      if (!decoder.isEmpty) return;
      const at = wholeStep(context, step);
      builder.emit(copy, { count: rows * pixels, x: recurrent.output.read(at), out: slot(psi, at) });
    },
    backward(step, dx) {
      const dpsi = incoming ?? slot(psi, wholeStep(context, step));
      if (decoder.isEmpty) backFromRecurrent(step, dpsi, dx);
      else {
        const dy = layout.allocate(rows * shape.recurrent.spec.size);
        decoder.backward(step, dpsi, dy);
        backFromRecurrent(step, dy, dx);
        layout.release(dy);
      }
      release(incoming);
      incoming = undefined;
    },
    finish() {
      for (const part of [encoder, recurrent, decoder]) part.finish();
    },
  };
}
