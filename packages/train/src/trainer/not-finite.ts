import type { Engine, FrameBatch, Inference, NamedArrays, Randomness } from '@nem/core';
import { type Action, EXIT_CODES, RunError, setting } from '../errors.js';
import type { Experiment } from '../experiments/index.js';
import type { Weights } from './state.js';

/** Index of the first value that is NaN or infinite; −1 where all are finite. */
export function indexOfNotFinite(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return i;
  }
  return -1;
}

/** e.g. `the gradient of output.0.bias (NaN at index 3)`; undefined where all values are finite. */
function describe(name: string, values: ArrayLike<number>): string | undefined {
  const index = indexOfNotFinite(values);
  return index < 0 ? undefined : `${name} (${values[index]} at index ${index})`;
}

function inArrays(kind: string, arrays: NamedArrays): string | undefined {
  for (const [name, { values }] of Object.entries(arrays)) {
    const found = describe(`${kind} ${name}`, values);
    if (found) return found;
  }
  return undefined;
}

/** The first array of weights or optimizer state that is not finite. */
export function notFiniteWeights({ parameters, optimizer }: Weights): string | undefined {
  return (
    inArrays('the parameter', parameters) ??
    inArrays("Adam's first moment of", optimizer.m) ??
    inArrays("Adam's second moment of", optimizer.v)
  );
}

/** The first quantity of an unrolling that is not finite, in the order in which they are computed. */
export function notFiniteInference({ losses, corrupted, hidden, predictions, gamma }: Inference): string | undefined {
  const quantities = { 'the noisy input': corrupted, 'the hidden state': hidden, ψ: predictions, γ: gamma };
  for (const [t, { intra, inter }] of losses.entries()) {
    for (const [name, values] of Object.entries(quantities)) {
      const length = values.length / losses.length;
      const found = describe(`${name} of step ${t + 1}`, values.subarray(t * length, (t + 1) * length));
      if (found) return found;
    }
    const found = describe(`the loss of step ${t + 1}`, [intra, inter]);
    if (found) return found;
  }
  return undefined;
}

/** The first tensor of one update, at the engine's parameters, that is not finite. */
export async function notFiniteUpdate(
  engine: Engine,
  batch: FrameBatch,
  randomness: Randomness,
): Promise<string | undefined> {
  const input = describe('the input', batch.frames);
  if (input) return input;
  const { loss, gradients } = await engine.gradients(batch, randomness);
  if (Number.isFinite(loss)) return inArrays('the gradient of', gradients);
  return notFiniteInference(await engine.infer(batch, randomness, { steps: 'all' })) ?? describe('the loss', [loss]);
}

/** The setting of a rate that is about a third of `learningRate`; `owner` has the rate, e.g. `stages.0.`. */
function lowerRate(learningRate: Experiment['learningRate'], owner: string): Action {
  const [field, rate] =
    typeof learningRate === 'number' ? ['learningRate', learningRate] : ['learningRate.peak', learningRate.peak];
  return setting(`${owner}${field}=${Number((0.3 * rate).toPrecision(1))}`);
}

/** A loss, gradient or parameter that is NaN or infinite, in a training that had such a learning rate. */
const failure = (reason: string, lower: Action): RunError =>
  new RunError(
    reason,
    [
      'train again with a lower learning rate, e.g. ',
      lower,
      '; the last checkpoint, where there is one, was written earlier and is finite: the new training may start from it.',
    ],
    { exitCode: EXIT_CODES.notFinite, joint: '; ' },
  );

/** A loss, gradient or parameter that is NaN or infinite. */
export const notFiniteError = (
  learningRate: Experiment['learningRate'],
  where: string,
  tensor: string,
  split: string,
  indices: ArrayLike<number>,
): RunError =>
  failure(
    `training is no longer finite at ${where}: the first tensor that is not is ${tensor}, on the ${split} samples ${Array.from(indices).join(', ')}`,
    lowerRate(learningRate, ''),
  );

/** What ended stage `stage` of an experiment: where that is {@link notFiniteError}, a rate of the stage's own is the one to lower. */
export function notFiniteInStage(error: unknown, stage: number, { stages = [] }: Experiment): unknown {
  const own = stages[stage]?.learningRate;
  const isNotFinite = error instanceof RunError && error.exitCode === EXIT_CODES.notFinite;
  return isNotFinite && own !== undefined ? failure(error.reason, lowerRate(own, `stages.${stage}.`)) : error;
}
