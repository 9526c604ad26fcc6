import type { ComputeChoice, ComputeName } from './computes.js';
import type { ModelName } from './models.js';

/** What the page asks the worker for: the steps of one image or sequence. */
export interface TraceRequest {
  readonly id: number;
  readonly model: ModelName;
  /** Where the weights are. */
  readonly weights: string;
  /** What computes. */
  readonly compute: ComputeChoice;
  /** [frames, pixels]: one frame for a still image. */
  readonly frames: Float32Array;
  /** True groups, [frames, pixels]; only to score. */
  readonly groups: Uint8Array;
  readonly components: number;
  readonly steps: number;
  /** Probability that a pixel flips. */
  readonly noise: number;
  readonly seed: number;
}

/** One step, number `step` from 1. */
export interface StepResult {
  readonly step: number;
  /** x̃ that the step read, [pixels]. */
  readonly noisy: Float32Array;
  /** γ and ψ that it gave, [components, pixels]. */
  readonly gamma: Float32Array;
  readonly psi: Float32Array;
  /** AMI (max) of γ with the true groups; NaN where no pixel has a group. */
  readonly ami: number;
  /** That the network took; of a GPU, the mean of all steps. */
  readonly milliseconds: number;
}

export type TraceResponse =
  | { readonly kind: 'loading'; readonly id: number; readonly loaded: number; readonly total: number }
  | {
      readonly kind: 'start';
      readonly id: number;
      readonly gamma: Float32Array;
      /** What computes it, and what could. */
      readonly compute: ComputeName;
      readonly available: readonly ComputeName[];
    }
  | { readonly kind: 'step'; readonly id: number; readonly result: StepResult }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly message: string;
      /** What else may be chosen. */
      readonly available: readonly ComputeName[];
    };
