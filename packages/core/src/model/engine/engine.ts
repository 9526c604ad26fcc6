import type { Key } from '@nem/random';
import type { AdamOptions } from '../adam.js';
import type { MixtureSpec } from '../mixture/distributions.js';
import type { NetworkSpec } from '../network/network.js';
import type { NoiseSpec } from '../noise.js';
import type { Objective, StepLossValues } from '../objective.js';
import type { NamedArrays } from '../weights/safetensors.js';
import type { FrameBatch } from './frames.js';

/** What an engine is made for. The number of steps T is the number of step weights. */
export interface EngineSpec {
  readonly network: NetworkSpec;
  readonly mixture: MixtureSpec;
  readonly objective: Objective;
  /** [height, width] in pixels. */
  readonly image: readonly [number, number];
  /** K. */
  readonly components: number;
  readonly noise: NoiseSpec;
  readonly optimizer?: AdamOptions;
  /** ψ before the first step. Default 0. */
  readonly initialPrediction?: number;
}

/** Where noise and initial γ come from: keys, or given values (so that golden vectors run through the same program). */
export type Randomness =
  | { readonly noise: Key; readonly gamma: Key }
  | {
      /** [T or more, batch, pixels]. */
      readonly corrupted: Float32Array;
      /** [batch, components, pixels]. */
      readonly gamma0: Float32Array;
    };

/** Results of an unrolling without gradients. */
export interface Inference {
  /** Of all T steps, in order. */
  readonly losses: readonly StepLossValues[];
  /** Σ over all steps of weight · (intra + λ · inter). */
  readonly loss: number;
  /** γ of the last step (steps = 1), or of every step where asked (steps = T): [steps, batch, components, pixels]. */
  readonly gamma: Float32Array;
  /** ψ of the same steps, [steps, batch, components, pixels]. */
  readonly predictions: Float32Array;
  /** h (θ of N-EM) of the same steps, [steps, batch · components, M]. */
  readonly hidden: Float32Array;
  /** x̃_t of the same steps, [steps, batch, pixels]. */
  readonly corrupted: Float32Array;
}

/** Adam's state: both moments by parameter, and the number of updates done. */
export interface OptimizerState {
  readonly updates: number;
  readonly m: NamedArrays;
  readonly v: NamedArrays;
}

/**
 * What computes: plain typed arrays in, plain typed arrays out. Every method reports invalid arguments before it computes, by
 * `InputError` (frames that are not a Float32Array, NaN or outside [0, 1]; a shard, randomness, options or a state of another
 * kind) or `NetworkError` (a batch of another length, other parameters), and calls after {@link Engine.dispose} by
 * `DisposedError`. Methods that give a promise reject it. Such a method may be called before the promises of
 * earlier calls are settled: the results are those of calls made one by one, as long as the frames of a call do not change before
 * its promise is settled.
 */
export interface Engine {
  /** E.g. 'wasm'. */
  readonly name: string;
  /** What it runs on, e.g. '2 worker threads'. */
  readonly device?: string;
  /**
   * How many training steps are worth having asked for before the first one's loss is there: later ones queue up on the
   * device. Frames of a step must not change until its loss is there. Default 1.
   */
  readonly stepsInFlight?: number;
  /**
   * Announces the next call of {@link trainStep}, which will be given the same two objects, while this one computes: its noise
   * and initial γ are drawn where a thread would wait. Absent where there is nothing to gain.
   */
  prepare?(batch: FrameBatch, randomness: Randomness): void;
  /** One Adam update; gives the loss before it. */
  trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }>;
  /** The loss and every parameter's gradient, without an update. */
  gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }>;
  /**
   * Unrolls all T steps without gradients.
   * @param options `steps`: of which steps the arrays are given, of the `'last'` one or of `'all'`; the losses are always of
   *   all. Default 'last'
   */
  infer(batch: FrameBatch, randomness: Randomness, options?: { steps?: 'last' | 'all' }): Promise<Inference>;
  /**
   * Copies of the parameters.
   * @param out an earlier call's copies, no longer needed, whose memory may be used
   */
  parameters(out?: NamedArrays): Promise<NamedArrays>;
  /** @throws NetworkError where they are not the network's */
  setParameters(parameters: NamedArrays): void;
  /**
   * Copies of Adam's state.
   * @param out an earlier call's, no longer needed, whose memory may be used
   */
  optimizerState(out?: OptimizerState): Promise<OptimizerState>;
  /**
   * @throws InputError for `updates` that are not an integer of at least 0, or moments that are not objects; NetworkError where
   *   the moments are not of the network's parameters
   */
  setOptimizerState(state: OptimizerState): void;
  /** Frees what the engine holds; a second call does nothing. */
  dispose(): void;
}
