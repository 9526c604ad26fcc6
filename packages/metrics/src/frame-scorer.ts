import { limitingAdjustedMutualInformation } from './adjusted-mutual-information.js';
import { argmaxFrame } from './argmax-gamma.js';
import { AVERAGE_METHODS, type AverageMethod, averageMethodOf, generalizedAverage } from './average.js';
import { ContingencyCounter } from './contingency-counter.js';
import { entropyOfSizes } from './entropy.js';
import { ExpectedMutualInformation } from './expected-mutual-information.js';
import type { LabelPair } from './label-pair.js';
import { ignoredLabel, type Labels, labelNumbers } from './labels.js';
import { mutualInformation } from './mutual-information.js';
import { requireOptions } from './options.js';
import { adjustedRand } from './rand.js';
import { requireLength, requireNumbers, requireSize } from './shape.js';

/** Options of {@link FrameScorer}. */
export interface BatchScoreOptions {
  /** Frames in a batch, at least 0. A batch of sequences has batch × time frames. */
  frames: number;
  /** Pixels in a frame, at least 1. */
  pixels: number;
  /** Pixels with this true label are not scored, e.g. 0 for background and overlap. Default: all are. */
  ignoreLabel?: number | undefined;
  /** The averaging of `adjustedMutualInfo`. Default `arithmetic`. */
  averageMethod?: AverageMethod | undefined;
}

/** One array of length `frames` per score; a frame with no pixel left after `ignoreLabel` gets NaN in each. */
export interface BatchScores {
  /** Adjusted mutual information with the scorer's `averageMethod`. */
  adjustedMutualInfo: Float64Array;
  adjustedRand: Float64Array;
  /** Mean over the scored pixels of max_k gamma: from 1/components to 1. Only `scoreGamma` fills it. */
  confidence?: Float64Array;
  /** Adjusted mutual information by averaging; all of them cost hardly more than one. */
  adjustedMutualInfoByMethod?: Partial<Record<AverageMethod, Float64Array>>;
}

/** What `scoreLabels` returns where it is not told where to write. */
export interface LabelScores extends BatchScores {
  /** Every averaging; the scorer's own is the same array as `adjustedMutualInfo`. */
  adjustedMutualInfoByMethod: Record<AverageMethod, Float64Array>;
}

/** What `scoreGamma` returns where it is not told where to write. */
export interface GammaScores extends LabelScores {
  confidence: Float64Array;
}

/**
 * Scores batches of frames against their true groups: adjusted mutual information and adjusted Rand index of each frame,
 * as `adjustedMutualInfoScore` and `adjustedRandScore` give them.
 *
 * Reusable: it keeps its memory from frame to frame and from call to call, and the parts of the expected mutual
 * information for cluster sizes that it has met. With `out`, a call makes no new array however many frames there are.
 */
export class FrameScorer {
  readonly #frames: number;
  readonly #pixels: number;
  readonly #ignore: number;
  readonly #averageMethod: AverageMethod;
  readonly #table = new ContingencyCounter();
  readonly #expected = new ExpectedMutualInformation({ cache: true });
  #argmax: Int32Array = new Int32Array(0);

  /** @throws MetricInputError for a size that is too small, a label that is not an integer, and an unknown averaging, and for an unknown option */
  constructor(options: BatchScoreOptions) {
    requireOptions(options, ['frames', 'pixels', 'ignoreLabel', 'averageMethod']);
    this.#frames = requireSize('frames', options.frames, 0);
    this.#pixels = requireSize('pixels', options.pixels, 1);
    this.#ignore = ignoredLabel(options.ignoreLabel);
    this.#averageMethod = averageMethodOf(options.averageMethod);
  }

  /**
   * Scores hard assignments.
   *
   * @param labelsTrue true group of each pixel [frames, pixels], integers
   * @param labelsPred predicted group of each pixel [frames, pixels], integers
   * @param out arrays to write to, each of length `frames`; default new ones, with every averaging
   * @returns `out`
   * @throws MetricInputError for arrays of another length and for labels that are not integers
   */
  scoreLabels<S extends BatchScores = LabelScores>(labelsTrue: Labels, labelsPred: Labels, out?: S): S {
    const pair = this.#pair(labelsTrue, labelNumbers(labelsPred, 'labelsPred'));
    requireLength('labelsPred', pair.labelsPred, '[frames, pixels]', [this.#frames, this.#pixels]);
    const scores = (out !== undefined ? this.#checked(out) : this.#newScores()) as BatchScores as S;
    for (let frame = 0; frame < this.#frames; frame++) {
      pair.trueStart = frame * this.#pixels;
      pair.predStart = pair.trueStart;
      this.#scoreFrame(pair, frame, scores);
    }
    return scores;
  }

  /**
   * Scores soft assignments: each pixel belongs to the component with the largest gamma, the first of several that are
   * equal.
   *
   * @param labelsTrue true group of each pixel [frames, pixels], integers
   * @param gamma soft assignments [frames, components, pixels], row-major
   * @param components at least 1
   * @param out arrays to write to, each of length `frames`; default new ones, with every averaging and the confidence
   * @returns `out`
   * @throws MetricInputError for arrays of another length, for labels that are not integers, for a gamma that is no number,
   * and for one of NaN at a scored pixel
   */
  scoreGamma<S extends BatchScores = GammaScores>(
    labelsTrue: Labels,
    gamma: Float32Array | Float64Array,
    components: number,
    out?: S,
  ): S {
    requireSize('components', components, 1);
    const sizes = [this.#frames, components, this.#pixels];
    requireLength('gamma', gamma, '[frames, components, pixels]', sizes);
    requireNumbers('gamma', gamma);
    if (this.#argmax.length === 0) this.#argmax = new Int32Array(this.#pixels);
    const pair = this.#pair(labelsTrue, this.#argmax);
    const scores = (out !== undefined
      ? this.#checked(out)
      : { ...this.#newScores(), confidence: new Float64Array(this.#frames) }) as BatchScores as S;
    for (let frame = 0; frame < this.#frames; frame++) {
      pair.trueStart = frame * this.#pixels;
      const start = frame * components * this.#pixels;
      const sum = argmaxFrame(gamma, start, components, this.#pixels, this.#argmax, 0, pair);
      this.#scoreFrame(pair, frame, scores);
      if (scores.confidence) scores.confidence[frame] = sum / this.#table.total;
    }
    return scores;
  }

  /** Both labelings, at their first frame. */
  #pair(labelsTrue: Labels, labelsPred: ArrayLike<number>): LabelPair {
    const pair = {
      labelsTrue: labelNumbers(labelsTrue, 'labelsTrue'),
      trueStart: 0,
      labelsPred,
      predStart: 0,
      length: this.#pixels,
      ignore: this.#ignore,
    };
    requireLength('labelsTrue', pair.labelsTrue, '[frames, pixels]', [this.#frames, this.#pixels]);
    return pair;
  }

  #scoreFrame(pair: LabelPair, frame: number, scores: BatchScores): void {
    const table = this.#table;
    table.count(pair);
    if (table.total === 0) {
      scores.adjustedRand[frame] = Number.NaN;
      this.#writeInformation(scores, frame, Number.NaN);
      return;
    }
    scores.adjustedRand[frame] = adjustedRand(table);
    const limit = limitingAdjustedMutualInformation(table);
    if (Number.isNaN(limit)) this.#scoreInformation(frame, scores);
    else this.#writeInformation(scores, frame, limit);
  }

  /** Adjusted mutual information, by every averaging that has an array, from one count and one expectation. */
  #scoreInformation(frame: number, scores: BatchScores): void {
    const table = this.#table;
    const expected = this.#expected.of(table);
    const excess = mutualInformation(table) - expected;
    const entropyTrue = entropyOfSizes(table.rowSums, table.rows, table.total);
    const entropyPred = entropyOfSizes(table.columnSums, table.columns, table.total);
    const bound = generalizedAverage(entropyTrue, entropyPred, this.#averageMethod);
    scores.adjustedMutualInfo[frame] = excess / (bound - expected);
    const byMethod = scores.adjustedMutualInfoByMethod;
    if (!byMethod) return;
    for (const method of AVERAGE_METHODS) {
      const array = byMethod[method];
      if (array) array[frame] = excess / (generalizedAverage(entropyTrue, entropyPred, method) - expected);
    }
  }

  /** Writes one score that is the same by every averaging. */
  #writeInformation(scores: BatchScores, frame: number, score: number): void {
    scores.adjustedMutualInfo[frame] = score;
    const byMethod = scores.adjustedMutualInfoByMethod;
    if (!byMethod) return;
    for (const method of AVERAGE_METHODS) {
      const array = byMethod[method];
      if (array) array[frame] = score;
    }
  }

  /** The arrays to write to, once their names, lengths and types are right. */
  #checked(out: BatchScores): BatchScores {
    const { adjustedMutualInfo, adjustedRand, confidence, adjustedMutualInfoByMethod = {} } = out ?? {};
    requireOptions(out, ['adjustedMutualInfo', 'adjustedRand', 'confidence', 'adjustedMutualInfoByMethod'], 'scores');
    requireOptions(adjustedMutualInfoByMethod, AVERAGE_METHODS, 'averagings');
    const check = (name: string, array: Float64Array) =>
      requireLength(`out.${name}`, array, '[frames]', [this.#frames], 'Float64Array');
    check('adjustedMutualInfo', adjustedMutualInfo);
    check('adjustedRand', adjustedRand);
    for (const [name, array] of Object.entries({ confidence, ...adjustedMutualInfoByMethod })) {
      if (array !== undefined) check(name, array);
    }
    return out;
  }

  #newScores(): LabelScores {
    const frames = this.#frames;
    const adjustedMutualInfoByMethod = {
      arithmetic: new Float64Array(frames),
      max: new Float64Array(frames),
      min: new Float64Array(frames),
      geometric: new Float64Array(frames),
    };
    return {
      adjustedMutualInfo: adjustedMutualInfoByMethod[this.#averageMethod],
      adjustedRand: new Float64Array(frames),
      adjustedMutualInfoByMethod,
    };
  }
}
