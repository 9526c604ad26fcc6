import type { Engine, FrameBatch, Randomness } from '@nem/core';
import { BatchOrder, type Dataset, drawSamples, type Samples, type Split } from '@nem/datasets';
import { FrameScorer } from '@nem/metrics';
import { deriveKey } from '@nem/random';
import type { TestScores } from '../report/index.js';

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
  /** Called after each batch with the number of inputs done. */
  readonly progress?: (inputs: number) => void;
}

/** The frames of `samples` for an engine: they have the layout that it takes. */
export const toBatch = ({ features, count }: Samples): FrameBatch => ({ frames: features, batch: count });

/** Keys of the noise and of the initial γ for one batch. */
export const randomness = (seed: number, purpose: string, index: number): Randomness => ({
  noise: deriveKey(seed, `${purpose}/noise`, index),
  gamma: deriveKey(seed, `${purpose}/gamma`, index),
});

/** Sums of values and how many there were; NaN, an input without a scored pixel, does not count. */
class Mean {
  #sum = 0;
  #count = 0;

  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) continue;
      this.#sum += values[i];
      this.#count++;
    }
  }

  get value(): number {
    return this.#sum / this.#count;
  }
}

/** Scores γ of the last step against the true groups, over the pixels whose group is not 0 (method, section 7). */
export async function evaluate(options: EvaluateOptions): Promise<SplitScores> {
  const { engine, dataset, split, components, batchSize, seed, progress } = options;
  const count = Math.min(options.count, dataset.sizes[split]);
  const order = new BatchOrder({ size: count, batchSize, seed, shuffle: false });
  const means = { max: new Mean(), arithmetic: new Mean(), adjustedRand: new Mean(), confidence: new Mean() };
  let loss = 0;
  let predictionLoss = 0;
  for (let b = 0; b < order.length; b++) {
    const samples = drawSamples(dataset, split, order.indices(b));
    const result = await engine.infer(toBatch(samples), randomness(seed, split, b));
    const scorer = new FrameScorer({ frames: samples.count, pixels: dataset.height * dataset.width, ignoreLabel: 0 });
    const scores = scorer.scoreGamma(samples.groups, result.gamma, components);
    means.max.add(scores.adjustedMutualInfoByMethod.max);
    means.arithmetic.add(scores.adjustedMutualInfoByMethod.arithmetic);
    means.adjustedRand.add(scores.adjustedRand);
    means.confidence.add(scores.confidence);
    loss += result.loss * samples.count;
    predictionLoss += result.losses[result.losses.length - 1].upper * samples.count;
    progress?.(b * batchSize + samples.count);
  }
  return {
    inputs: count,
    adjustedMutualInfo: { max: means.max.value, arithmetic: means.arithmetic.value },
    adjustedRand: means.adjustedRand.value,
    confidence: means.confidence.value,
    loss: loss / count,
    predictionLoss: predictionLoss / count,
  };
}
