import type { Engine, Inference, MixtureSpec } from '@nem/core';
import {
  allocateSamples,
  BatchOrder,
  type Dataset,
  drawSamples,
  isStill,
  type Samples,
  type Split,
} from '@nem/datasets';
import { FrameScorer } from '@nem/metrics/frames';
import { randomness, toBatch } from '../engines/inputs.js';
import { type Names, requireOptions } from '../require-options.js';
import { hasGroups, isOfGroups } from '../scores/groups.js';
import { type Scores, scoresOf } from '../scores/record.js';
import { SCORE_KEYS, type ScoreKey, type StepOutcome, scoreDefinition } from '../scores/table.js';
import { requireNumber } from '../system/numbers.js';
import { inputLosses } from './input-losses.js';
import { mean, type Spread, spread } from './spread.js';

/** Scores of a split, means over its inputs; see {@link SCORES}. */
export interface SplitScores extends Scores<number> {
  /** Number of inputs scored. */
  readonly inputs: number;
}

export interface EvaluateOptions {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly split: Split;
  /** The first so many inputs of the split, an integer of at least 1; where it has fewer, all. */
  readonly count: number;
  readonly components: number;
  readonly batchSize: number;
  /** Of noise and initial γ, an integer of at least 0. */
  readonly seed: number;
  /** Called after each batch with the number of inputs done, and waited for. */
  readonly progress?: (inputs: number) => void | Promise<void>;
}

const NAMES: Names<EvaluateOptions> = {
  engine: true,
  dataset: true,
  split: true,
  count: true,
  components: true,
  batchSize: true,
  seed: true,
  progress: true,
};

/** Scores after one step, against the frame that it predicted. Spreads are over the inputs. */
export interface FrameScores extends Scores<Spread> {
  /** From 1 to T: the number of the step, and of the frame in a sequence whose first is 0. */
  readonly frame: number;
}

/** Scores as the paper averages them, and of each frame. */
export interface FrameEvaluation extends SplitScores {
  readonly frames: readonly FrameScores[];
}

/** One value for each input, by score. */
type StepValues = Readonly<Record<ScoreKey, Float64Array>>;

/** What is learned of each input, for each step that is scored, from the first such step on. */
interface Collected {
  readonly inputs: number;
  readonly steps: readonly StepValues[];
  /** Sums over the inputs of the scores whose means the engine computes. */
  readonly sums: ReadonlyMap<ScoreKey, number>;
}

interface CollectOptions extends EvaluateOptions {
  readonly kept: 'last' | 'all';
  /** Given: also the losses of each input. */
  readonly losses?: { readonly mixture: MixtureSpec; readonly interWeight: number };
}

const newValues = (inputs: number): StepValues => {
  const entries = SCORE_KEYS.map((key) => [key, new Float64Array(inputs).fill(Number.NaN)]);
  return Object.fromEntries(entries);
};

/** The frame that kept step `step` of `kept` is compared with, of `values` [frames, count, pixels]: the image, or frame t + 1. */
function targetFrame<A extends Float32Array | Uint8Array>(samples: Samples, values: A, step: number, kept: number): A {
  const length = samples.count * samples.height * samples.width;
  const frame = isStill(samples) ? 0 : samples.frames - kept + step;
  return values.subarray(frame * length, (frame + 1) * length) as A;
}

/** A batch of inputs, and what the network made of it. */
interface InferredBatch {
  /** Number of its first input in the split. */
  readonly first: number;
  readonly samples: Samples;
  readonly scorer: FrameScorer;
  readonly result: Inference;
}

/** Scores one batch, into its inputs' places in the values of each step. */
function scoreBatch(
  { components, dataset, losses }: CollectOptions,
  { first, samples, scorer, result: { gamma, predictions } }: InferredBatch,
  steps: readonly StepValues[],
): void {
  const length = gamma.length / steps.length;
  const { count: inputs } = samples;
  const keys = SCORE_KEYS.filter((key) => hasGroups(dataset.objects, components) || !isOfGroups(key));
  steps.forEach((values, step) => {
    const ofStep = (array: Float32Array) => array.subarray(step * length, (step + 1) * length);
    const groups = targetFrame(samples, samples.groups, step, steps.length);
    const target = targetFrame(samples, samples.features, step, steps.length);
    const seen = { target, predictions: ofStep(predictions), gamma: ofStep(gamma) };
    const outcome: StepOutcome = {
      ...seen,
      ...{ inputs, components, groups },
      grouping: scorer.scoreGamma(groups, seen.gamma, components),
      losses: losses && inputLosses(losses.mixture, losses.interWeight, { inputs, components }, seen),
    };
    for (const key of keys) {
      const found = scoreDefinition(key).ofStep(outcome);
      if (found) values[key].set(found, first);
    }
  });
}

/** Room for batches and their scorer, made anew only where the size of a batch changes. */
function workspace(dataset: Dataset) {
  let samples: Samples | undefined;
  let scorer: FrameScorer | undefined;
  return (count: number) => {
    if (samples?.count !== count) {
      samples = allocateSamples(dataset, count);
      scorer = new FrameScorer({ frames: count, pixels: dataset.height * dataset.width, ignoreLabel: 0 });
    }
    return { samples, scorer: scorer as FrameScorer };
  };
}

async function collect(options: CollectOptions): Promise<Collected> {
  const { engine, dataset, split, batchSize, seed, kept, progress } = options;
  const inputs = Math.min(options.count, dataset.sizes[split]);
  const order = new BatchOrder({ size: inputs, batchSize, seed, shuffle: false });
  const room = workspace(dataset);
  const steps: StepValues[] = [];
  const sums = new Map<ScoreKey, number>();
  for (let b = 0; b < order.length; b++) {
    const { samples, scorer } = room(order.indices(b).length);
    drawSamples(dataset, split, order.indices(b), samples);
    const result = await engine.infer(toBatch(samples), randomness(seed, split, b), { steps: kept });
    const scored = kept === 'all' ? result.losses.length : 1;
    while (steps.length < scored) steps.push(newValues(inputs));
    scoreBatch(options, { first: b * batchSize, samples, scorer, result }, steps);
    for (const key of SCORE_KEYS) {
      const ofBatch = scoreDefinition(key).ofBatch?.(result, isStill(dataset));
      if (ofBatch !== undefined) sums.set(key, (sums.get(key) ?? 0) + ofBatch * samples.count);
    }
    await progress?.(b * batchSize + samples.count);
  }
  return { inputs, steps, sums };
}

/** Means over the test set and, for sequences, over the frames; of still images the last step (method, section 7). */
function paperScores(dataset: Dataset, { inputs, steps, sums }: Collected): SplitScores {
  const averaged = isStill(dataset) ? steps.slice(-1) : steps;
  const over = (key: ScoreKey) => mean(Float64Array.from(averaged.flatMap((values) => Array.from(values[key]))));
  const scores = scoresOf((key) => {
    const sum = sums.get(key);
    return sum === undefined ? over(key) : sum / inputs;
  });
  return { inputs, ...scores };
}

/**
 * Scores γ against the true groups, over the pixels whose group is not 0, averaged as the paper does: sequences over the
 * frames 1 … T, where γ after step t is compared with frame t + 1; still images after the last step (method, section 7).
 * Of one object, or by one component, there are the losses alone: the other scores are NaN.
 * @throws UsageError for an unknown option, and for a number that is out of its range
 */
export async function evaluate(options: EvaluateOptions): Promise<SplitScores> {
  requireOptions(options, 'evaluate', NAMES);
  requireNumber('count', options.count, 'an integer of at least 1');
  requireNumber('seed', options.seed, 'an integer of at least 0');
  const { dataset } = options;
  return paperScores(dataset, await collect({ ...options, kept: isStill(dataset) ? 'last' : 'all' }));
}

/** The same as {@link evaluate}, and every score and loss of each frame with its quartiles over the inputs. */
export async function evaluateFrames(
  options: EvaluateOptions & { readonly mixture: MixtureSpec; readonly interWeight: number },
): Promise<FrameEvaluation> {
  const { dataset, mixture, interWeight } = options;
  const collected = await collect({ ...options, kept: 'all', losses: { mixture, interWeight } });
  const frames = collected.steps.map((values, step) => ({
    frame: step + 1,
    ...scoresOf((key) => spread(values[key])),
  }));
  return { ...paperScores(dataset, collected), frames };
}
