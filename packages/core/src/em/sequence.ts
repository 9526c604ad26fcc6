import * as tf from '@tensorflow/tfjs-core';
import type { PixelDistribution } from '../mixture/distribution.js';
import { type Assignment, eStep, eStepGradient } from '../mixture/e-step.js';
import { stepLosses, stepLossGradients, upperBoundLoss } from '../mixture/losses.js';
import type { ParameterTensors } from '../network/layer.js';
import { GradientSums } from '../ops/gradient-sums.js';
import type { Cell, CellResult } from './cell.js';

/** What is summed up over a sequence (method, section 3). */
export interface Objective {
  /** λ, the weight of the inter-cluster loss. */
  readonly interWeight: number;
  /** Weight of each step's loss. */
  readonly stepWeights: readonly number[];
  /** Lets the gradient through γ, in the losses and in the input mask. */
  readonly gammaGradient: boolean;
}

/** Everything that one unrolling depends on. */
export interface Unrolling {
  readonly cell: Cell;
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

/** One step's state; tensors are [batch, components, pixels] but for `hidden`, [batch · components, M]. */
export interface StepState {
  readonly psi: tf.Tensor3D;
  readonly hidden: tf.Tensor2D;
  readonly assignment: Assignment;
}

interface StepTape extends StepState {
  readonly target: tf.Tensor3D;
  readonly difference: tf.Tensor3D;
  readonly cell: CellResult;
}

/** x for each component. By concatenation: broadcasts and `tile` are slow on the WebAssembly backend. */
function repeat(x: tf.Tensor2D, components: number): tf.Tensor3D {
  const column = tf.reshape(x, [x.shape[0], 1, x.shape[1]]) as tf.Tensor3D;
  return components === 1 ? column : tf.concat(new Array<tf.Tensor3D>(components).fill(column), 1);
}

/** The four lines of a step (method, section 2), without its losses. */
function emStep(
  { cell, distribution, components }: Unrolling,
  parameters: ParameterTensors,
  previous: { psi: tf.Tensor3D; gamma: tf.Tensor3D; hidden: tf.Tensor2D },
  corrupted: tf.Tensor2D,
  clean: tf.Tensor2D,
): StepTape {
  const [batch, , pixels] = previous.psi.shape;
  const difference = tf.sub(repeat(corrupted, components), previous.psi) as tf.Tensor3D;
  const input = tf.reshape(tf.mul(previous.gamma, difference), [batch * components, pixels]) as tf.Tensor2D;
  const result = cell.forward(input, previous.hidden, parameters);
  const psi = tf.reshape(result.prediction, [batch, components, pixels]) as tf.Tensor3D;
  const target = repeat(clean, components);
  const assignment = eStep(distribution, target, psi);
  return { psi, hidden: result.hidden, assignment, target, difference, cell: result };
}

function start(unrolling: Unrolling, gamma: tf.Tensor3D) {
  const [batch, components] = gamma.shape;
  return {
    psi: tf.fill(gamma.shape, unrolling.initialPrediction) as tf.Tensor3D,
    gamma,
    hidden: tf.zeros([batch * components, unrolling.cell.hiddenSize]) as tf.Tensor2D,
  };
}

/** Losses of one step as numbers. */
export interface StepLossValues {
  readonly intra: number;
  readonly inter: number;
  readonly upper: number;
}

/**
 * Unrolls `stepWeights.length` steps without gradients.
 * @param gamma0 initial assignment, [batch, components, pixels]
 * @param visit receives each step's state, whose tensors it must not keep
 */
export function inferSequence(
  unrolling: Unrolling,
  parameters: ParameterTensors,
  frames: Frames,
  gamma0: tf.Tensor3D,
  visit: (step: number, state: StepState) => void,
): StepLossValues[] {
  const { distribution, batchSize, objective } = unrolling;
  let previous = tf.tidy(() => start(unrolling, tf.clone(gamma0)));
  const losses = objective.stepWeights.map((_, step) => {
    const { next, values } = tf.tidy(() => {
      const clean = frames.target(step);
      const state = emStep(unrolling, parameters, previous, frames.corrupted(step), clean);
      visit(step, state);
      const { psi, hidden, assignment, target } = state;
      const { intra, inter } = stepLosses(distribution, target, psi, assignment.gamma, batchSize);
      const upper = upperBoundLoss(distribution, clean, psi, batchSize);
      const values = [intra, inter, upper].map((loss) => loss.dataSync()[0]);
      return { next: { psi, hidden, gamma: assignment.gamma }, values };
    });
    tf.dispose(previous);
    previous = next;
    return { intra: values[0], inter: values[1], upper: values[2] };
  });
  tf.dispose(previous);
  return losses;
}

/** The weighted total loss and the parameters' gradients. The caller disposes `gradients`. */
export interface LossAndGradients {
  readonly loss: number;
  readonly gradients: GradientSums;
}

/** Unrolls the sequence and goes back through it: back-propagation through time. */
export function differentiateSequence(
  unrolling: Unrolling,
  parameters: ParameterTensors,
  frames: Frames,
  gamma0: tf.Tensor3D,
): LossAndGradients {
  const { distribution, batchSize, objective } = unrolling;
  const tapes: StepTape[] = [];
  let loss = 0;
  const initial = tf.tidy(() => start(unrolling, tf.clone(gamma0)));
  let previous = initial;
  objective.stepWeights.forEach((weight, step) => {
    const tape = tf.tidy(
      () =>
        emStep(unrolling, parameters, previous, frames.corrupted(step), frames.target(step)) as StepTape &
          tf.TensorContainerObject,
    );
    tapes.push(tape);
    if (weight !== 0) {
      loss += tf.tidy(() => {
        const { intra, inter } = stepLosses(distribution, tape.target, tape.psi, tape.assignment.gamma, batchSize);
        return weight * (intra.dataSync()[0] + objective.interWeight * inter.dataSync()[0]);
      });
    }
    previous = { psi: tape.psi, gamma: tape.assignment.gamma, hidden: tape.hidden };
  });
  const gradients = new GradientSums();
  backThroughTime(unrolling, parameters, tapes, initial.gamma, gradients);
  tf.dispose(initial);
  return { loss, gradients };
}

/** Gradients that a step hands to the one before it. */
type Carried = { psi: tf.Tensor3D; hidden: tf.Tensor2D; gamma: tf.Tensor3D | null } | null;

function backThroughTime(
  unrolling: Unrolling,
  parameters: ParameterTensors,
  tapes: StepTape[],
  gamma0: tf.Tensor3D,
  gradients: GradientSums,
): void {
  let carried: Carried = null;
  for (let step = tapes.length - 1; step >= 0; step--) {
    const tape = tapes[step];
    const from: Carried = carried;
    const mask = step === 0 ? gamma0 : tapes[step - 1].assignment.gamma;
    carried = tf.tidy(
      () => stepBackward(unrolling, parameters, tape, step, mask, from, gradients) as tf.TensorContainer,
    ) as Carried;
    tf.dispose([from, tape as unknown as tf.TensorContainer] as tf.TensorContainer);
  }
  tf.dispose(carried as tf.TensorContainer);
}

/** ∂L/∂ψ of a step: from its own loss, from the next step's input, and by way of γ where that is let through. */
function predictionGradient(unrolling: Unrolling, tape: StepTape, step: number, carried: Carried): tf.Tensor3D | null {
  const { distribution, objective, batchSize } = unrolling;
  const { psi, target, assignment } = tape;
  const weight = objective.stepWeights[step] / batchSize;
  const own =
    weight === 0
      ? undefined
      : stepLossGradients(distribution, target, psi, assignment.gamma, {
          weight,
          interWeight: objective.interWeight,
          throughGamma: objective.gammaGradient,
        });
  const byGamma = [own?.gamma, carried?.gamma].filter((gradient) => gradient != null);
  const parts = [own?.psi, carried?.psi].filter((gradient) => gradient !== undefined);
  if (byGamma.length > 0) parts.push(eStepGradient(distribution, target, psi, assignment, tf.addN(byGamma)));
  return parts.length === 0 ? null : tf.addN(parts);
}

function stepBackward(
  unrolling: Unrolling,
  parameters: ParameterTensors,
  tape: StepTape,
  step: number,
  mask: tf.Tensor3D,
  carried: Carried,
  sums: GradientSums,
): Carried {
  const dPsi = predictionGradient(unrolling, tape, step, carried);
  // Nothing after this step has weight.
  if (dPsi === null) return null;
  const [batch, components, pixels] = tape.psi.shape;
  const { input, hidden } = unrolling.cell.backward(
    { prediction: tf.reshape(dPsi, [batch * components, pixels]), hidden: carried?.hidden },
    tape.cell,
    parameters,
    sums,
  );
  const masked = tf.reshape(input, [batch, components, pixels]) as tf.Tensor3D;
  return {
    psi: tf.neg(tf.mul(masked, mask)) as tf.Tensor3D,
    hidden,
    gamma: unrolling.objective.gammaGradient ? (tf.mul(masked, tape.difference) as tf.Tensor3D) : null,
  };
}
