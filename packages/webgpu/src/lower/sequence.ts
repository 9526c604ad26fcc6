import type { EngineSpec, NetworkShape } from '@nem/core';
import { bernoulliThreshold } from '@nem/random';
import { adam } from '../kernels/adam.js';
import { clip, SQUARE_PARTS, squareSums } from '../kernels/clip.js';
import { unpackFrames } from '../kernels/frames.js';
import { eStep, eStepGroups, firstInput, lossGradient, lossGradientInPlace } from '../kernels/mixture.js';
import { initialGamma, noise } from '../kernels/random.js';
import { columnSums } from '../kernels/reduce.js';
import { PlanBuilder, type Slots, type Storage, slot, type View } from '../plan/builder.js';
import { cover, LARGEST_FLOAT } from '../plan/kernel.js';
import { elementAt, required } from '../required.js';
import type { CellSlots, LoweredCell } from './cell.js';
import { type Context, type EngineStorages, parameterOffsets } from './context.js';
import { lowerNem } from './n-em.js';
import { lowerRnnEm } from './rnn-em.js';

/** What a plan is built for. */
export interface PlanSpec {
  readonly spec: EngineSpec;
  readonly shape: NetworkShape;
  readonly storages: EngineStorages;
  readonly batch: number;
  /** Whether all steps have the same clean frame, which is stored once. */
  readonly still: boolean;
  /** With the backward half and the update. */
  readonly training: boolean;
  /** Whether forward products are in half precision. */
  readonly float16: boolean;
}

/** A built plan and the buffers that the host writes or reads. */
export interface SequencePlan {
  readonly builder: PlanBuilder;
  /** [T + 1 or 1, batch, pixels]. */
  readonly clean: Slots;
  /** The same as bytes, four in a word. */
  readonly packed: Storage;
  readonly corrupted: Slots;
  /** Slot 0 is γ before the first step. */
  readonly gamma: Slots;
  readonly psi: Slots;
  /** Slot 0 is h (θ) before the first step. */
  readonly hidden: Slots;
  /** [T, 3]: intra, inter, upper, summed over the batch. */
  readonly losses: View;
}

interface Sequence extends Omit<SequencePlan, 'builder'>, CellSlots {
  readonly cell: LoweredCell;
}

function allocate(context: Context, still: boolean): Omit<Sequence, 'cell'> {
  const { builder, batch, rows, pixels, steps, training, shape } = context;
  const frames = still ? 1 : steps + 1;
  return {
    clean: builder.slots('frames', frames, batch * pixels),
    packed: builder.storage('frames as bytes', Math.ceil((frames * batch * pixels) / 4)),
    corrupted: builder.slots('noisy frames', steps, batch * pixels),
    gamma: builder.slots('γ', steps + 1, rows * pixels),
    psi: builder.slots('ψ', steps, rows * pixels),
    hidden: builder.slots('hidden', steps + 1, rows * shape.hiddenSize),
    input: builder.slots('input', training ? steps : 1, rows * pixels),
    losses: { storage: builder.storage('losses', steps * 3), offset: 0 },
  };
}

/** A buffer from its start. */
const whole = (storage: Storage): View => ({ storage, offset: 0 });

function frames({ builder, storages }: Context, { clean, packed }: Sequence): void {
  builder.begin('frames');
  const count = clean.storage.elements;
  builder.dispatch(
    unpackFrames(count),
    { packed: whole(packed), levels: whole(storages.levels), clean: whole(clean.storage) },
    { groups: cover(Math.ceil(count / 4)) },
  );
}

function randomness({ builder, spec, storages, batch, pixels, steps }: Context, sequence: Sequence, still: boolean) {
  builder.begin('randomness');
  const row = batch * pixels;
  const threshold = bernoulliThreshold(spec.noise.probability ?? 0);
  const numbers = whole(storages.numbers);
  builder.dispatch(
    noise(spec.noise, threshold, steps * row, row, still),
    { clean: slot(sequence.clean, 0), run_numbers: numbers, corrupted: slot(sequence.corrupted, 0) },
    { groups: cover(steps * row) },
  );
  builder.dispatch(
    initialGamma(batch, spec.components, pixels),
    { run_numbers: numbers, gamma: slot(sequence.gamma, 0) },
    { groups: cover(row) },
  );
}

function forward(context: Context, sequence: Sequence): void {
  const { builder, spec, batch, pixels, steps } = context;
  const { clean, corrupted, gamma, psi, input, losses } = sequence;
  const mixture = { mixture: spec.mixture, batch, components: spec.components, pixels };
  const groups = eStepGroups(mixture);
  const team = groups[0] * groups[1];
  const partial = builder.slots('losses by workgroup', steps, team * 3);
  builder.dispatch(
    firstInput(mixture, spec.initialPrediction ?? 0),
    { gamma: slot(gamma, 0), corrupted: slot(corrupted, 0), masked: slot(input, 0) },
    { groups: cover(batch * pixels) },
  );
  const assign = eStep(mixture);
  for (let step = 0; step < steps; step++) {
    sequence.cell.forward(step);
    const next = Math.min(step + 1, steps - 1);
    builder.dispatch(
      assign,
      {
        psi: slot(psi, step),
        clean: slot(clean, step + 1),
        corrupted: slot(corrupted, next),
        gamma: slot(gamma, step + 1),
        masked: slot(input, next),
        losses: slot(partial, step),
      },
      { groups, arguments: { has_next: Number(step < steps - 1) } },
    );
  }
  // One group of workgroups' losses for each step.
  builder.dispatch(columnSums(steps * team, 3, steps), { x: slot(partial, 0), out: losses }, { groups: [1, steps, 1] });
}

/** The bits of a number as a float32. */
const bits = (value: number): number => new DataView(Float32Array.of(value).buffer).getUint32(0, true);

function backward(context: Context, sequence: Sequence): void {
  const { builder, spec, batch, rows, pixels, steps } = context;
  const { clean, corrupted, gamma, psi, cell } = sequence;
  const { interWeight, gammaGradient, stepWeights } = spec.objective;
  const mixture = { mixture: spec.mixture, batch, components: spec.components, pixels };
  builder.begin('backward');
  let carried: View | undefined;
  for (let step = steps - 1; step >= 0; step--) {
    const { view, activation } = cell.incoming(step);
    // The last step has no next one: its launch binds a buffer that the kernel does not read.
    const next = carried ?? builder.scratch(rows * pixels);
    const views = {
      gamma: slot(gamma, step + 1),
      clean: slot(clean, step + 1),
      corrupted: slot(corrupted, Math.min(step + 1, steps - 1)),
      next,
      psi: slot(psi, step),
    };
    const weight_bits = bits(elementAt(stepWeights, step) / batch);
    const launch = {
      groups: cover(batch * pixels),
      arguments: { weight_bits, has_next: Number(carried !== undefined) },
    };
    const loss = { interWeight, gammaGradient, activation };
    if (view.storage === psi.storage) builder.dispatch(lossGradientInPlace(mixture, loss), views, launch);
    else builder.dispatch(lossGradient(mixture, loss), { ...views, gradient: view }, launch);
    builder.release(next);
    carried = cell.backward(step, step > 0);
  }
  if (carried) builder.release(carried);
  cell.finish();
}

/** Clips the gradients of all parameters by their norm, where the optimizer does. */
function clipGradients({ builder, spec, storages }: Context, total: number): void {
  const { clipNorm } = spec.optimizer ?? {};
  // No norm in float32 is above its largest number.
  if (clipNorm === undefined || clipNorm >= LARGEST_FLOAT) return;
  const squares = builder.scratch(SQUARE_PARTS);
  const gradient = whole(storages.gradients);
  builder.dispatch(squareSums(total), { x: gradient, out: squares }, { groups: [SQUARE_PARTS, 1, 1] });
  builder.dispatch(clip(total, clipNorm), { squares, gradient }, { groups: cover(total) });
  builder.release(squares);
}

function update(context: Context): void {
  const { builder, spec, storages, shape } = context;
  builder.begin('update');
  const { total } = parameterOffsets(shape.parameters);
  clipGradients(context, total);
  builder.dispatch(
    adam(total, spec.optimizer),
    {
      gradient: whole(storages.gradients),
      run_numbers: whole(storages.numbers),
      parameter: whole(storages.parameters),
      m: whole(storages.m),
      v: whole(storages.v),
    },
    { groups: cover(total) },
  );
}

type NetworkType = NetworkShape['type'];
type ShapeOf<Type extends NetworkType> = Extract<NetworkShape, { readonly type: Type }>;

/** The M-step of every network type. */
const CELLS: {
  readonly [Type in NetworkType]: (context: Context, shape: ShapeOf<Type>, slots: CellSlots) => LoweredCell;
} = { 'n-em': lowerNem, 'rnn-em': lowerRnnEm };

const lowerCell = <Type extends NetworkType>(context: Context, shape: ShapeOf<Type>, slots: CellSlots): LoweredCell =>
  CELLS[shape.type as Type](context, shape, slots);

/** Lowers a whole step: randomness, the unrolled sequence, back-propagation through time, Adam. */
export function buildPlan({ spec, shape, storages, batch, still, training, float16 }: PlanSpec): SequencePlan {
  const builder = new PlanBuilder();
  const offsets = parameterOffsets(shape.parameters);
  const context: Context = {
    builder,
    spec,
    shape,
    storages,
    batch,
    rows: batch * spec.components,
    pixels: spec.image[0] * spec.image[1],
    steps: spec.objective.stepWeights.length,
    training,
    float16,
    parameterAt: (name) => required(offsets.at, name),
  };
  const slots = allocate(context, still);
  // Folding kernels is part of the forward half.
  builder.begin('forward');
  const cell = lowerCell(context, shape, slots);
  const sequence: Sequence = { ...slots, cell };
  forward(context, sequence);
  frames(context, sequence);
  randomness(context, sequence, still);
  if (training) {
    backward(context, sequence);
    update(context);
  }
  return { builder, ...slots };
}

/** Steps of the two plans from which {@link estimateLaunches} extrapolates. */
const SHORT = [100, 200] as const;

/** The number of launches of a plan, within 2 %, without building it: each further step adds nearly the same number. */
export function estimateLaunches(wanted: PlanSpec): number {
  const { objective } = wanted.spec;
  const launchesOf = (steps: number) => {
    const short = { ...objective, stepWeights: new Array<number>(steps).fill(1) };
    return countLaunches(buildPlan({ ...wanted, spec: { ...wanted.spec, objective: short } }));
  };
  const [less, more] = [launchesOf(SHORT[0]), launchesOf(SHORT[1])];
  const eachStep = (more - less) / (SHORT[1] - SHORT[0]);
  return Math.round(less + (objective.stepWeights.length - SHORT[0]) * eachStep);
}

/** Launches of a built plan, all sections together. */
export const countLaunches = ({ builder }: SequencePlan): number => Object.values(builder.sections).flat().length;
