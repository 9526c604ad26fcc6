import type { EngineSpec, FrameBatch, Inference, Randomness } from '@nem/core';
import type { SharedBuffers } from './shared-state.js';

/** What a worker thread is started with. */
export interface WorkerSetup {
  readonly spec: EngineSpec;
  readonly buffers: SharedBuffers;
  /** Its number, from 0. */
  readonly worker: number;
}

/** What a worker is asked to do; each task gets one {@link Reply}. */
export type Task =
  /** Gradients of a shard, written into the worker's own slot. */
  | { readonly type: 'gradients'; readonly batch: FrameBatch; readonly randomness: Randomness }
  /** Adam's update number `update` of the parameters `from` to `to` − 1, with the gradients of the first `workers` slots. */
  | {
      readonly type: 'update';
      readonly update: number;
      readonly from: number;
      readonly to: number;
      readonly workers: number;
    }
  | {
      readonly type: 'infer';
      readonly batch: FrameBatch;
      readonly randomness: Randomness;
      readonly steps: 'last' | 'all';
    };

/** Results by task. */
export interface Results {
  readonly gradients: { readonly loss: number };
  readonly update: null;
  readonly infer: Inference;
}

export type Reply = { readonly result: Results[Task['type']] } | { readonly error: string };
