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
import { FrameScorer } from '@nem/metrics';
import type { TestScores } from '@nem/report';
import { randomness, toBatch } from '../engines/inputs.js';
import { inputLosses } from './input-losses.js';
import { mean, type Spread, spread } from './spread.js';

/** Scores of a split, means over its inputs; see {@link TestScores}. */
export type SplitScores = Omit<TestScores, 'name' | 'published'>;

export interface EvaluateOptions {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly split: Split;
  /** The first so many inputs of the split. */
  readonly count: number;
  readonly components: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Called after each batch with the number of inputs done, and waited for. */
  readonly progress?: (inputs: number) => void | Promise<void>;
}

/** Scores after one step, against the frame that it predicted. Spreads are over the inputs. */
export interface FrameScores {
  /** From 1 to T: the number of the step, and of the frame in a sequence whose first is 0. */
  readonly frame: number;
  readonly adjustedMutualInfo: { readonly max: Spread; readonly arithmetic: Spread };
  readonly adjustedRand: Spread;
  readonly confidence: Spread;
  /** The objective of this step, intra + λ · inter. */
  readonly loss: Spread;
  /** The negative log likelihood under max_k ψ. */
  readonly predictionLoss: Spread;
}

/** Scores as the paper averages them, and of each frame. */
export interface FrameEvaluation extends SplitScores {
  readonly frames: readonly FrameScores[];
}

/** One value for each input, by quantity. */
type StepValues = Record<
  'max' | 'arithmetic' | 'adjustedRand' | 'confidence' | 'loss' | 'predictionLoss',
  Float64Array
>;

/** What is learned of each input, for each step that is scored, from the first such step on. */
interface Collected {
  readonly inputs: number;
  readonly steps: readonly StepValues[];
  /** The objective over all steps, mean over the inputs. */
  readonly loss: number;
  /** The next-step loss as the paper averages it, mean over the inputs. */
  readonly predictionLoss: number;
}

interface CollectOptions extends EvaluateOptions {
  readonly kept: 'last' | 'all';
  /** Given: also the losses of each input. */
  readonly losses?: { readonly mixture: MixtureSpec; readonly interWeight: number };
}

const newValues = (inputs: number): StepValues => ({
  max: new Float64Array(inputs),
  arithmetic: new Float64Array(inputs),
  adjustedRand: new Float64Array(inputs),
  confidence: new Float64Array(inputs),
  loss: new Float64Array(inputs).fill(Number.NaN),
  predictionLoss: new Float64Array(inputs).fill(Number.NaN),
});

/** The frame that kept step `step` of `kept` is compared with, of `values` [frames, count, pixels]: the image, or frame t + 1. */
function targetFrame<A extends Float32Array | Uint8Array>(samples: Samples, values: A, step: number, kept: number): A {
  const length = samples.count * samples.height * samples.width;
  const frame = isStill(samples) ? 0 : samples.frames - kept + step;
  return values.subarray(frame * length, (frame + 1) * length) as A;
}

/** Scores one batch, whose first input is number `first`. */
function scoreBatch(
  { components, losses }: CollectOptions,
  samples: Samples,
  { gamma, predictions }: Inference,
  scorer: FrameScorer,
  steps: readonly StepValues[],
  first: number,
): void {
  const length = gamma.length / steps.length;
  steps.forEach((values, step) => {
    const ofStep = (array: Float32Array) => array.subarray(step * length, (step + 1) * length);
    const groups = targetFrame(samples, samples.groups, step, steps.length);
    const scores = scorer.scoreGamma(groups, ofStep(gamma), components);
    values.max.set(scores.adjustedMutualInfoByMethod.max, first);
    values.arithmetic.set(scores.adjustedMutualInfoByMethod.arithmetic, first);
    values.adjustedRand.set(scores.adjustedRand, first);
    values.confidence.set(scores.confidence, first);
    if (!losses) return;
    const target = targetFrame(samples, samples.features, step, steps.length);
    const ofInputs = inputLosses(
      losses.mixture,
      losses.interWeight,
      { inputs: samples.count, components },
      { target, predictions: ofStep(predictions), gamma: ofStep(gamma) },
    );
    values.loss.set(ofInputs.loss, first);
    values.predictionLoss.set(ofInputs.predictionLoss, first);
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
  let loss = 0;
  let predictionLoss = 0;
  for (let b = 0; b < order.length; b++) {
    const { samples, scorer } = room(order.indices(b).length);
    drawSamples(dataset, split, order.indices(b), samples);
    const result = await engine.infer(toBatch(samples), randomness(seed, split, b), { steps: kept });
    const scored = kept === 'all' ? result.losses.length : 1;
    while (steps.length < scored) steps.push(newValues(inputs));
    scoreBatch(options, samples, result, scorer, steps, b * batchSize);
    loss += result.loss * samples.count;
    const averaged = isStill(dataset) ? result.losses.slice(-1) : result.losses;
    predictionLoss += (averaged.reduce((sum, { upper }) => sum + upper, 0) / averaged.length) * samples.count;
    await progress?.(b * batchSize + samples.count);
  }
  return { inputs, steps, loss: loss / inputs, predictionLoss: predictionLoss / inputs };
}

/** Means over the test set and, for sequences, over the frames; of still images the last step (method, section 7). */
function paperScores(dataset: Dataset, { inputs, steps, loss, predictionLoss }: Collected): SplitScores {
  const averaged = isStill(dataset) ? steps.slice(-1) : steps;
  const over = (quantity: keyof StepValues) =>
    mean(Float64Array.from(averaged.flatMap((values) => Array.from(values[quantity]))));
  return {
    inputs,
    adjustedMutualInfo: { max: over('max'), arithmetic: over('arithmetic') },
    adjustedRand: over('adjustedRand'),
    confidence: over('confidence'),
    loss,
    predictionLoss,
  };
}

/**
 * Scores γ against the true groups, over the pixels whose group is not 0, averaged as the paper does: sequences over the
 * frames 1 … T, where γ after step t is compared with frame t + 1; still images after the last step (method, section 7).
 */
export async function evaluate(options: EvaluateOptions): Promise<SplitScores> {
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
    adjustedMutualInfo: { max: spread(values.max), arithmetic: spread(values.arithmetic) },
    adjustedRand: spread(values.adjustedRand),
    confidence: spread(values.confidence),
    loss: spread(values.loss),
    predictionLoss: spread(values.predictionLoss),
  }));
  return { ...paperScores(dataset, collected), frames };
}
