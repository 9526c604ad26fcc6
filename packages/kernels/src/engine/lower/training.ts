import { elements, gammaPaths } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import { fill } from '../../instructions/memory.js';
import { eStep, lossGradient, maskedInput } from '../../instructions/mixture.js';
import { columnSums } from '../../instructions/sums.js';
import type { CellSlots, LoweredCell } from './cell.js';
import { type Context, wholeStep } from './context.js';
import { lowerCell } from './lower-cell.js';
import { mixtureFields } from './mixture.js';
import { beginProgram, type ParameterViews, type ProgramSpec } from './program.js';
import { allocateSlots, type Slots, slot } from './rows.js';

/** What a training program is made for. */
export interface TrainingSpec extends ProgramSpec {
  /** Whether all steps have the same clean frame, which stands there once. */
  readonly still: boolean;
  /** What losses are divided by: the size of the whole batch, of which this may be a part. */
  readonly batchSize: number;
}

/** The unrolled sequence and back-propagation through time, and the arrays that the host writes or reads. */
export interface TrainingProgram {
  readonly instructions: readonly (readonly number[])[];
  readonly floats: number;
  /** Steps that the program has: none after the last one with weight. */
  readonly steps: number;
  readonly parameters: ParameterViews;
  readonly gradients: ParameterViews;
  /** [steps + 1 or 1, batch, pixels]. */
  readonly clean: View;
  /** [steps, batch, pixels]. */
  readonly corrupted: View;
  /** γ before the first step, [rows, pixels]. */
  readonly gamma0: View;
  /** [steps, 3]: intra and inter of the steps with weight, summed over the batch. */
  readonly losses: View;
}

interface Sequence extends CellSlots {
  /** Slot t is frame t, in one slot where it is the same in all steps. */
  readonly clean: (step: number) => View;
  readonly corrupted: (step: number) => View;
  /** Slot 0 is γ before the first step. */
  readonly gamma: Slots;
  readonly losses: View;
  readonly cell: LoweredCell;
}

/** Arrays of a frame each, one after the other. */
function allocateFrames({ builder, batch, pixels }: Context, count: number) {
  const size = batch * pixels;
  const view = builder.layout.allocate(count * size);
  return { view, at: (i: number): View => ({ at: view.at + Math.min(i, count - 1) * size, length: size }) };
}

const sizesOf = ({ batch, spec, pixels }: Context) => ({ batch, components: spec.components, pixels });

function forward(context: Context, { clean, corrupted, gamma, psi, input, losses, cell }: Sequence): void {
  const { builder, spec, steps } = context;
  const { stepWeights } = spec.objective;
  const at = (step: number) => wholeStep(context, step);
  const sizes = sizesOf(context);
  const first = { noisy: corrupted(0), psi: undefined, initial: spec.initialPrediction ?? 0 };
  builder.emit(maskedInput, { ...sizes, ...first, gamma: slot(gamma, at(0)), out: slot(input, at(0)) });
  for (let step = 0; step < steps; step++) {
    cell.forward(step);
    const hasNext = step < steps - 1;
    builder.emit(eStep, {
      ...sizes,
      ...mixtureFields(spec.mixture),
      x: clean(step + 1),
      psi: slot(psi, at(step)),
      gamma: slot(gamma, at(step + 1)),
      losses: stepWeights[step] === 0 ? undefined : { at: losses.at + 3 * step, length: 3 },
      upper: 0,
      noisy: hasNext ? corrupted(step + 1) : undefined,
      input: hasNext ? slot(input, at(step + 1)) : undefined,
    });
  }
}

/** What the loss gradient of a step is made from. */
interface LossGradientViews {
  readonly weight: number;
  readonly activation: number;
  readonly x: View;
  readonly psi: View;
  readonly gamma: View;
  /** The gradient with respect to the next step's input, and that step's noisy frame; absent where nothing comes from it. */
  readonly ofNext: { readonly next: View; readonly noisy: View } | undefined;
  /** May be ψ. */
  readonly out: View;
}

/**
 * The gradient with respect to what a step's ψ is the activation of. An instruction lets the gradient through γ or not: where the
 * objective does so for one of the step's own losses and the next step's input alone, each has one of its own.
 */
function emitLossGradient(context: Context, { weight, ofNext, out, ...views }: LossGradientViews): void {
  const { builder, spec, rows, pixels } = context;
  const { interWeight, gammaGradient } = spec.objective;
  const { loss, mask } = gammaPaths(gammaGradient);
  const fields = { ...sizesOf(context), ...mixtureFields(spec.mixture), interWeight, ...views };
  const none = { next: undefined, noisy: undefined };
  if (loss === mask || !ofNext) {
    builder.emit(lossGradient, { ...fields, ...(ofNext ?? none), weight, gammaGradient: Number(loss), out });
    return;
  }
  const ofMask = { ...fields, ...ofNext, weight: 0, gammaGradient: Number(mask) };
  if (weight === 0) {
    builder.emit(lossGradient, { ...ofMask, out });
    return;
  }
  const count = rows * pixels;
  const part = builder.layout.allocate(count);
  // Before `out` is written, which may be ψ.
  builder.emit(lossGradient, { ...ofMask, out: part });
  builder.emit(lossGradient, { ...fields, ...none, weight, gammaGradient: Number(loss), out });
  builder.emit(columnSums, { rows: 1, columns: count, x: part, out });
  builder.layout.release(part);
}

function backward(context: Context, { clean, corrupted, gamma, psi, cell }: Sequence, batchSize: number): void {
  const { builder, spec, rows, pixels, steps } = context;
  const { stepWeights } = spec.objective;
  const { layout } = builder;
  let next: View | undefined;
  for (let step = steps - 1; step >= 0; step--) {
    const { view: out, activation } = cell.incoming(step);
    emitLossGradient(context, {
      weight: stepWeights[step]! / batchSize,
      activation,
      x: clean(step + 1),
      psi: slot(psi, wholeStep(context, step)),
      gamma: slot(gamma, wholeStep(context, step + 1)),
      ofNext: next && { next, noisy: corrupted(step + 1) },
      out,
    });
    if (next) layout.release(next);
    next = step > 0 ? layout.allocate(rows * pixels) : undefined;
    cell.backward(step, next);
  }
  cell.finish();
}

/** Lowers the unrolled sequence and its gradient. */
export function lowerTraining(wanted: TrainingSpec): TrainingProgram {
  const { stepWeights } = wanted.spec.objective;
  const steps = stepWeights.findLastIndex((weight) => weight !== 0) + 1;
  const { context, parameters, gradients } = beginProgram(wanted, steps, true);
  const { builder, batch, pixels, rows, shape } = context;
  const clean = allocateFrames(context, wanted.still ? 1 : steps + 1);
  const corrupted = allocateFrames(context, Math.max(steps, 1));
  const gamma = allocateSlots(context, steps + 1, pixels);
  const losses = builder.layout.allocate(3 * Math.max(steps, 1));
  builder.prepare(fill, { count: gradients!.whole.length, out: gradients!.whole, value: 0 });
  if (steps > 0) {
    const [input, psi] = [allocateSlots(context, steps, pixels), allocateSlots(context, steps, pixels)];
    const hidden = allocateSlots(context, steps + 1, shape.hiddenSize);
    builder.prepare(fill, { count: rows * shape.hiddenSize, out: hidden.view, value: 0 });
    const slots: CellSlots = { input, psi, hidden };
    const cell = lowerCell(context, shape, slots);
    const sequence: Sequence = { ...slots, clean: clean.at, corrupted: corrupted.at, gamma, losses, cell };
    forward(context, sequence);
    backward(context, sequence, wanted.batchSize);
  }
  const gamma0 = { at: gamma.view.at, length: batch * elements([wanted.spec.components, pixels]) };
  const views = { clean: clean.view, corrupted: corrupted.view, gamma0, losses };
  const floats = builder.layout.floats;
  return { instructions: builder.instructions, floats, steps, parameters, gradients: gradients!, ...views };
}
