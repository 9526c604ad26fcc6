import type { View } from '../../instructions/instruction.js';
import { copy } from '../../instructions/memory.js';
import { eStep, maskedInput } from '../../instructions/mixture.js';
import { part } from '../plan/layout.js';
import { lowerCell } from './lower-cell.js';
import { mixtureFields } from './mixture.js';
import { beginProgram, type ParameterViews, type ProgramSpec } from './program.js';
import { allocateSlots } from './rows.js';

/** One step of an unrolling without gradients, to be run again and again, and the arrays that the host reads or writes in between. */
export interface InferenceProgram {
  readonly instructions: readonly (readonly number[])[];
  readonly floats: number;
  readonly parameters: ParameterViews;
  /** The clean next frame and the noisy frame, [batch, pixels]: written before each step. */
  readonly clean: View;
  readonly noisy: View;
  /** [rows, pixels]: before the first step what they start from, after each step its results. */
  readonly gamma: View;
  readonly psi: View;
  /** [rows, M]: likewise. */
  readonly hidden: View;
  /** [intra, inter, upper], summed over the batch. */
  readonly losses: View;
}

/** Lowers one step. */
export function lowerInference(wanted: ProgramSpec): InferenceProgram {
  const { context, parameters } = beginProgram(wanted, 1, false);
  const { builder, spec, shape, batch, rows, pixels } = context;
  const { layout } = builder;
  const [clean, noisy] = [layout.allocate(batch * pixels), layout.allocate(batch * pixels)];
  const [gamma, losses] = [layout.allocate(rows * pixels), layout.allocate(3)];
  const [psi, input] = [allocateSlots(context, 1, pixels), allocateSlots(context, 1, pixels)];
  const hidden = allocateSlots(context, 2, shape.hiddenSize);
  const cell = lowerCell(context, shape, { input, psi, hidden });
  const sizes = { batch, components: spec.components, pixels };
  builder.emit(maskedInput, { ...sizes, noisy, psi: psi.view, initial: 0, gamma, out: input.view });
  cell.forward(0);
  const outputs = { gamma, losses, upper: 1, noisy: undefined, input: undefined };
  builder.emit(eStep, { ...sizes, ...mixtureFields(spec.mixture), x: clean, psi: psi.view, ...outputs });
  const count = rows * shape.hiddenSize;
  const [before, after] = [part(hidden.view, 0, count), part(hidden.view, count, count)];
  builder.emit(copy, { count, x: after, out: before });
  const views = { parameters, clean, noisy, gamma, psi: psi.view, hidden: before, losses };
  return { instructions: builder.instructions, floats: layout.floats, ...views };
}
