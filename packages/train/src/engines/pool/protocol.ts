import type { EngineSpec, FrameBatch, Inference } from '@nem/core';
import type { NoiseKeys } from '../ahead/drawn-inputs.js';
import type { KernelPrecision, KernelTarget } from '../kernels/load.js';
import type { Shard } from './shards.js';
import type { SharedBuffers } from './shared-state.js';

/** How all threads of a pool compute: alike, so that the same number of them gives the same bits. */
export interface PoolComputing {
  readonly target: KernelTarget;
  /** The kernels' variant. */
  readonly variant: string;
  readonly precision: KernelPrecision;
}

/** What a worker thread is started with. */
export interface WorkerSetup {
  readonly spec: EngineSpec;
  readonly computing: PoolComputing;
  readonly buffers: SharedBuffers;
  /** The one of the buffers' gradients that this worker writes. */
  readonly slot: SharedArrayBuffer;
}

/** What a worker is asked to do; each task is answered once. */
export type Task =
  /** The shard of the step after the one in progress: its noise and initial γ are drawn while the worker has no task. */
  | { readonly type: 'prepare'; readonly batch: FrameBatch; readonly keys: NoiseKeys }
  /** Gradients of a shard, of the prepared one by default, written into the worker's own slot. */
  | { readonly type: 'gradients'; readonly shard?: Shard }
  /** The gradients of the parameters `from` to `to` − 1, summed up over the first `workers` slots into the first one. */
  | { readonly type: 'fold'; readonly from: number; readonly to: number; readonly workers: number }
  /**
   * Adam's update number `update` of the parameters `from` to `to` − 1, with the gradients of the first `workers` slots times
   * `factor`.
   */
  | {
      readonly type: 'update';
      readonly update: number;
      readonly from: number;
      readonly to: number;
      readonly workers: number;
      readonly factor: number;
    }
  | { readonly type: 'infer'; readonly shard: Shard; readonly steps: 'last' | 'all' };

/** Results by task. */
export interface Results {
  readonly prepare: null;
  readonly gradients: { readonly loss: number };
  /** The sum of the part's squares. */
  readonly fold: { readonly squares: number };
  readonly update: null;
  readonly infer: Inference;
}
