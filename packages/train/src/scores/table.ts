import type { Inference } from '@nem/core';
import type { GammaScores } from '@nem/metrics/frames';
import type { InputLosses } from '../evaluation/input-losses.js';
import { fixed } from '../words.js';

// Every score is a row of the table below: it is computed, written to a run's files, tabulated, drawn and printed from there.

/** What a network made of a batch in one step, and what is true of the frame that it predicted. Arrays are in row-major order. */
export interface StepOutcome {
  readonly inputs: number;
  readonly components: number;
  /** The true group of each pixel, [inputs, pixels]; 0 is background and overlap, which no score of γ counts. */
  readonly groups: Uint8Array;
  /** The frame that was predicted, [inputs, pixels]. */
  readonly target: Float32Array;
  /** γ after the step, [inputs, components, pixels]. */
  readonly gamma: Float32Array;
  /** The components' predictions ψ, [inputs, components, pixels]. */
  readonly predictions: Float32Array;
  /** γ scored against the true groups: the component of the largest γ is a pixel's group. */
  readonly grouping: GammaScores;
  /** Of each input; absent where only the means of whole batches are asked for. */
  readonly losses?: InputLosses;
}

/** How numbers are written, by their unit: the decimals of a line or a table that is read, and a form that shows small differences. */
export const UNITS = {
  /** A share or an index. */
  none: { decimals: 3, exact: (value: number) => fixed(value, 3) },
  /** Per input, summed over its pixels. */
  nats: { decimals: 1, exact: (value: number) => String(Number(value.toPrecision(5))) },
} as const;

interface ScoreDefinition {
  /** What it is called in a sentence. */
  readonly name: string;
  /** What it is called in the head of a column, a legend or TensorBoard. */
  readonly label: string;
  /** Said of its value in brackets, where several scores share a name. */
  readonly note?: string;
  readonly unit: keyof typeof UNITS;
  /** What an axis shows at least: from nothing learned to perfect. Left out: what the values need. */
  readonly range?: readonly [number, number];
  /** The colour of its curve: the palette's number. Default: ink. */
  readonly colour?: number;
  /** Every record has it. Those of older versions lack the others. */
  readonly always?: true;
  /** One value for each input of a step, NaN where an input has no pixel to score; undefined where it was not asked for. */
  readonly ofStep: (outcome: StepOutcome) => Float64Array | undefined;
  /**
   * The mean over a batch, where the engine computes that: the score of a split is then the mean of these. Default: it is the mean
   * of `ofStep` over the inputs and the frames, of still images after the last step.
   */
  readonly ofBatch?: (result: Inference, still: boolean) => number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** By key, which is where records have the score: `a.b` is the property b of their a. Records keep this order. */
export const SCORES = {
  /** Adjusted mutual information, at most 1, divided by the larger of the two entropies, as the paper does. */
  'adjustedMutualInfo.max': {
    name: 'AMI',
    label: 'AMI (max)',
    note: 'max, as in the paper',
    unit: 'none',
    range: [0, 1],
    colour: 0,
    always: true,
    ofStep: ({ grouping }) => grouping.adjustedMutualInfoByMethod.max,
  },
  /** Divided by the mean of the entropies: today's default of scikit-learn. */
  'adjustedMutualInfo.arithmetic': {
    name: 'AMI',
    label: 'AMI (arithmetic)',
    note: 'arithmetic',
    unit: 'none',
    range: [0, 1],
    always: true,
    ofStep: ({ grouping }) => grouping.adjustedMutualInfoByMethod.arithmetic,
  },
  /** Adjusted Rand index, from −0.5 to 1. */
  adjustedRand: {
    name: 'ARI',
    label: 'ARI',
    unit: 'none',
    range: [0, 1],
    colour: 5,
    always: true,
    ofStep: ({ grouping }) => grouping.adjustedRand,
  },
  /** Mean over the pixels of objects of the largest γ, from 1/K to 1. */
  confidence: {
    name: 'confidence',
    label: 'confidence',
    unit: 'none',
    range: [0, 1],
    colour: 2,
    always: true,
    ofStep: ({ grouping }) => grouping.confidence,
  },
  /** The objective, summed over pixels and components: of a step intra + λ · inter, of a batch over all steps (method, section 3). */
  loss: {
    name: 'loss',
    label: 'loss',
    unit: 'nats',
    always: true,
    ofStep: ({ losses }) => losses?.loss,
    ofBatch: ({ loss }) => loss,
  },
  /** Negative log likelihood of the next frame under max_k ψ, which uses no γ; averaged over frames as the paper does. */
  predictionLoss: {
    name: 'next-step loss',
    label: 'next-step loss',
    unit: 'nats',
    ofStep: ({ losses }) => losses?.predictionLoss,
    ofBatch: ({ losses }, still) => mean((still ? losses.slice(-1) : losses).map(({ upper }) => upper)),
  },
} as const satisfies Readonly<Record<string, ScoreDefinition>>;

export type ScoreKey = keyof typeof SCORES;

/** All scores in the order of records. */
export const SCORE_KEYS = Object.keys(SCORES) as ScoreKey[];

/** The score that the paper reports, and that is drawn by frame. */
export const PAPER_SCORE = 'adjustedMutualInfo.max' satisfies ScoreKey;

/** Which scores are shown where, in their order. */
export const VIEWS = {
  /** Scores of a test: the report's table, the table of frames and the line that the command prints. */
  test: [
    'adjustedMutualInfo.max',
    'adjustedMutualInfo.arithmetic',
    'adjustedRand',
    'confidence',
    'loss',
    'predictionLoss',
  ],
  /** The line that the command prints of an epoch. */
  epochLine: ['loss', 'adjustedRand', 'adjustedMutualInfo.max', 'confidence'],
  /** The report's table of epochs; the loss is of training and of validation. */
  epochTable: ['loss', 'adjustedMutualInfo.max', 'adjustedRand', 'confidence'],
  /** The left and the right panel of the training's curves. */
  lossCurves: ['loss'],
  scoreCurves: ['adjustedMutualInfo.max', 'adjustedRand', 'confidence'],
  /** The right panel where there are no groups to score. */
  unscoredCurves: ['predictionLoss'],
  tensorBoard: ['loss', 'adjustedMutualInfo.max', 'adjustedRand', 'confidence'],
} as const satisfies Readonly<Record<string, readonly ScoreKey[]>>;

export const scoreDefinition = (key: ScoreKey): ScoreDefinition => SCORES[key];
