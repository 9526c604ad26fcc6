import type { RnnEmShape } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import { copy } from '../../instructions/memory.js';
import { activationNumber } from './activation-numbers.js';
import type { CellSlots, LoweredCell } from './cell.js';
import { type Context, wholeStep } from './context.js';
import { type LoweredRecurrent, lowerRecurrent } from './recurrent.js';
import { keptOutput, slot } from './rows.js';
import { type LoweredStack, lowerStack } from './stack.js';

/** The parts of an RNN-EM. */
interface Parts {
  readonly encoder: LoweredStack;
  /** Whether the encoder has parameters. */
  readonly encodes: boolean;
  readonly recurrent: LoweredRecurrent;
  readonly decoder: LoweredStack;
}

/** Goes back through the recurrent layer and the encoder. */
function backFromRecurrent(context: Context, shape: RnnEmShape, parts: Parts, step: number, dy: View, dx?: View): void {
  const { layout } = context.builder;
  const { encoder, encodes, recurrent } = parts;
  if (encoder.isEmpty) {
    recurrent.backward(step, dy, dx);
    return;
  }
  const between = dx || encodes ? layout.allocate(context.rows * shape.recurrent.inputSize) : undefined;
  recurrent.backward(step, dy, between);
  if (!between) return;
  encoder.backward(step, between, dx);
  layout.release(between);
}

/** Goes back through a whole step. */
function backThroughStep(context: Context, shape: RnnEmShape, parts: Parts, step: number, dpsi: View, dx?: View): void {
  const { layout } = context.builder;
  if (parts.decoder.isEmpty) {
    backFromRecurrent(context, shape, parts, step, dpsi, dx);
    return;
  }
  const dy = layout.allocate(context.rows * shape.recurrent.spec.size);
  parts.decoder.backward(step, dpsi, dy);
  backFromRecurrent(context, shape, parts, step, dy, dx);
  layout.release(dy);
}

/** RNN-EM: input layers (the encoder), the recurrent layer, output layers (the decoder). */
export function lowerRnnEm(context: Context, shape: RnnEmShape, { input, psi, hidden }: CellSlots): LoweredCell {
  const { builder, rows, pixels } = context;
  const encoder = lowerStack(context, shape.input, keptOutput(input));
  const recurrent = lowerRecurrent(context, shape.recurrent, encoder.output, hidden);
  const decoder = lowerStack(context, shape.output, recurrent.output, psi);
  const encodes = shape.input.some(({ parameters }) => parameters.length > 0);
  const parts: Parts = { encoder, encodes, recurrent, decoder };
  /** The gradient with respect to ψ, where it has no place of its own. */
  let incoming: View | undefined;
  const psiOf = (step: number) => slot(psi, wholeStep(context, step));
  return {
    incoming(step) {
      if (decoder.sloped !== undefined) return { view: psiOf(step), activation: decoder.sloped };
      incoming = builder.layout.allocate(rows * pixels);
      return { view: incoming, activation: activationNumber.linear };
    },
    forward(step) {
      for (const part of [encoder, recurrent, decoder]) part.forward(step);
      if (!decoder.isEmpty) return;
      const x = recurrent.output.read(wholeStep(context, step));
      builder.emit(copy, { count: rows * pixels, x, out: psiOf(step) });
    },
    backward(step, dx) {
      backThroughStep(context, shape, parts, step, incoming ?? psiOf(step), dx);
      if (incoming) builder.layout.release(incoming);
      incoming = undefined;
    },
    finish() {
      for (const part of [encoder, recurrent, decoder]) part.finish();
    },
  };
}
