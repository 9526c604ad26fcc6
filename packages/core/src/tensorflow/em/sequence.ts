import * as tf from '@tensorflow/tfjs-core';
import type { PixelDistribution } from '../../model/mixture/pixel-distribution.js';
import { gammaPaths, type Objective, type StepLossValues } from '../../model/objective.js';
import type { ParameterTensors } from '../layers/layer.js';
import { eStep, eStepGradient } from '../mixture/e-step.js';
import { stepLossGammaGradient } from '../mixture/losses.js';
import { assign, lossValues, maskedDifference, predictionGradient, upperLossValue } from '../mixture/step.js';
import type { GradientSums } from '../ops/gradient-sums.js';
import { repeatComponents } from '../ops/repeat-components.js';
import type { Cell, CellResult } from './cell.js';

/** Everything that one unrolling depends on. */
export interface Unrolling {
  readonly cell: Cell;
  readonly parameters: ParameterTensors;
  readonly distribution: PixelDistribution;
  readonly objective: Objective;
  readonly components: number;
  /** ψ before the first step, everywhere. */
  readonly initialPrediction: number;
  /** Losses are divided by it: the size of the whole batch where this is a part of one. */
  readonly batchSize: number;
}

/** The frames of a sequence, step by step. */
export interface Frames {
  /** Clean frame t + 1, [batch, pixels]. */
  target(step: number): tf.Tensor2D;
  /** Noisy frame t, [batch, pixels]. */
  corrupted(step: number): tf.Tensor2D;
}

/** One step's state; tensors are [batch, components, pixels] except for `hidden`, [batch · components, M]. */
export interface StepState {
  readonly psi: tf.Tensor3D;
  readonly gamma: tf.Tensor3D;
  readonly hidden: tf.Tensor2D;
}

/** A step with what its gradient needs. */
interface Step extends StepState {
  /** x_{t+1} and x̃_t, [batch, pixels]. */
  readonly clean: tf.Tensor2D;
  readonly corrupted: tf.Tensor2D;
  readonly cell: CellResult;
}

/** A step with its loss's weight. */
interface StepTape extends Step {
  readonly weight: number;
}

/** The first three lines of a step (method, section 2). */
function emStep(
  { cell, parameters, distribution, components }: Unrolling,
  previous: StepState,
  corrupted: tf.Tensor2D,
  clean: tf.Tensor2D,
): Step {
  const [batch, , pixels] = previous.psi.shape;
  const masked = maskedDifference(corrupted, previous.psi, previous.gamma);
  const input = tf.reshape(masked, [batch * components, pixels]) as tf.Tensor2D;
  const result = cell.forward(input, previous.hidden, parameters);
  const psi = tf.reshape(result.prediction, [batch, components, pixels]) as tf.Tensor3D;
  return { psi, gamma: assign(distribution, clean, psi), hidden: result.hidden, clean, corrupted, cell: result };
}

/** The state before the first step. */
function start(unrolling: Unrolling, gamma: tf.Tensor3D): StepState {
  const [batch, components] = gamma.shape;
  return {
    psi: tf.fill(gamma.shape, unrolling.initialPrediction) as tf.Tensor3D,
    gamma: tf.clone(gamma),
    hidden: tf.zeros([batch * components, unrolling.cell.hiddenSize]) as tf.Tensor2D,
  };
}

/** `tf.tidy` and `tf.dispose` for objects of tensors whose types they do not know. */
const tidy = <T>(make: () => T): T => tf.tidy(make as () => tf.TensorContainer) as T;
const dispose = (state: object | null | undefined) => tf.dispose(state as tf.TensorContainer);

/**
 * Unrolls `stepWeights.length` steps without gradients.
 * @param gamma0 initial assignment, [batch, components, pixels]
 * @param visit receives each step's state, whose tensors it must not keep
 */
export function inferSequence(
  unrolling: Unrolling,
  frames: Frames,
  gamma0: tf.Tensor3D,
  visit: (step: number, state: StepState) => void,
): StepLossValues[] {
  const { distribution, batchSize, objective } = unrolling;
  let previous = tidy(() => start(unrolling, gamma0));
  const values: StepLossValues[] = [];
  objective.stepWeights.forEach((_, step) => {
    const next = tidy(() => {
      const clean = frames.target(step);
      const state = emStep(unrolling, previous, frames.corrupted(step), clean);
      visit(step, state);
      const { psi, hidden, gamma } = state;
      const upper = upperLossValue(distribution, clean, psi, batchSize);
      values.push({ ...lossValues(distribution, clean, psi, gamma, batchSize), upper });
      return { psi, hidden, gamma };
    });
    dispose(previous);
    previous = next;
  });
  dispose(previous);
  return values;
}

/**
 * Unrolls the sequence and goes back through it: back-propagation through time.
 * @param gradients gets the parameters' gradients; the caller disposes of it, also when this throws
 * @returns the weighted total loss
 */
export function differentiateSequence(
  unrolling: Unrolling,
  frames: Frames,
  gamma0: tf.Tensor3D,
  gradients: GradientSums,
): number {
  const { distribution, batchSize, objective } = unrolling;
  const tapes: StepTape[] = [];
  let loss = 0;
  const initial = tidy(() => start(unrolling, gamma0));
  let previous = initial;
  objective.stepWeights.forEach((weight, step) => {
    const current = tidy(() => emStep(unrolling, previous, frames.corrupted(step), frames.target(step)));
    const tape = { ...current, weight };
    tapes.push(tape);
    if (weight !== 0) {
      const { intra, inter } = lossValues(distribution, tape.clean, tape.psi, tape.gamma, batchSize);
      loss += weight * (intra + objective.interWeight * inter);
    }
    previous = tape;
  });
  backThroughTime(unrolling, tapes, initial, gradients);
  dispose(initial);
  return loss;
}

/** Gradients that a step hands to the one before it: of its input γ ⊙ (x̃ − ψ), of h and, where that is let through, of γ. */
interface Carried {
  readonly input: tf.Tensor3D;
  readonly hidden: tf.Tensor2D;
  readonly gamma: tf.Tensor3D | null;
}

function backThroughTime(
  unrolling: Unrolling,
  tapes: readonly StepTape[],
  initial: StepState,
  gradients: GradientSums,
): void {
  let carried: Carried | null = null;
  for (const [step, tape] of [...tapes.entries()].reverse()) {
    const from: Carried | null = carried;
    const before = tapes[step - 1] ?? initial;
    carried = tidy(() => stepBackward(unrolling, tape, before, from, gradients));
    dispose(from);
    dispose(tape);
  }
  dispose(carried);
}

/** What reaches ψ through γ, from the step's own losses and from the next step's input. */
function gradientThroughGamma(
  { distribution, objective, components }: Unrolling,
  { psi, gamma, clean }: StepTape,
  weight: number,
  carried: Carried | null,
): tf.Tensor3D | null {
  const target = repeatComponents(clean, components);
  const parts: tf.Tensor3D[] = [];
  const { loss, mask } = gammaPaths(objective.gammaGradient);
  if (weight !== 0 && loss) {
    parts.push(stepLossGammaGradient(distribution, target, psi, { weight, interWeight: objective.interWeight }));
  }
  if (carried?.gamma && mask) parts.push(carried.gamma);
  if (parts.length === 0) return null;
  return eStepGradient(distribution, target, psi, { ...eStep(distribution, target, psi), gamma }, tf.addN(parts));
}

function stepBackward(
  unrolling: Unrolling,
  tape: StepTape,
  before: StepState,
  carried: Carried | null,
  sums: GradientSums,
): Carried | null {
  const { distribution, objective, batchSize, cell, parameters } = unrolling;
  const weight = tape.weight / batchSize;
  // Nothing from this step on has weight.
  if (weight === 0 && !carried) return null;
  const { psi, gamma, clean } = tape;
  const [batch, components, pixels] = psi.shape;
  const weights = { weight, interWeight: objective.interWeight };
  let dPsi = predictionGradient(distribution, clean, psi, gamma, weights, carried?.input);
  if (objective.gammaGradient) {
    const through = gradientThroughGamma(unrolling, tape, weight, carried);
    if (through) dPsi = tf.add(dPsi, through);
  }
  const { input, hidden } = cell.backward(
    { prediction: tf.reshape(dPsi, [batch * components, pixels]), hidden: carried?.hidden },
    tape.cell,
    parameters,
    sums,
  );
  const masked = tf.reshape(input, [batch, components, pixels]) as tf.Tensor3D;
  const difference = () => tf.sub(repeatComponents(tape.corrupted, components), before.psi);
  return {
    input: masked,
    hidden,
    gamma: gammaPaths(objective.gammaGradient).mask ? tf.mul<tf.Tensor3D>(masked, difference()) : null,
  };
}
