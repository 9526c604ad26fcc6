import type { Engine, EngineSpec, FrameBatch, Randomness } from '@nem/core';
import type { Key } from '@nem/random';
import type { KernelProfile } from './plan/profile.js';

/** What {@link compile} compiles. */
export interface CompileSpec extends EngineSpec {
  /** Key of the parameters' start. Default: that of seed 0. */
  readonly key?: Key;
  /** Sequences in a batch; where given, the training step is compiled at once instead of at its first use. */
  readonly batch?: number;
  /** Whether batches hold one still frame instead of T + 1. Default false; counts only with `batch`. */
  readonly still?: boolean;
  /** Whether sums over a workgroup use subgroup operations. Default: where the device has the feature 'subgroups'. */
  readonly subgroups?: boolean;
  /**
   * Precision of the forward half's matrix products. 'float16' rounds their operands and sums up a few products in half
   * precision, those sums in float32; gradients stay float32. It needs the feature 'shader-f16'. Default 'float32'.
   */
  readonly products?: 'float32' | 'float16';
}

/** What a compiled training step takes. */
export interface PlanInfo {
  /** Kernel launches of one training step. */
  readonly dispatches: number;
  /** Bytes of its buffers, without the parameters and Adam's state. */
  readonly bytes: number;
}

/** An engine whose training step is compiled for a GPU device. */
export interface WebGpuEngine extends Engine {
  /** Compiles the training step for a batch, where that is not done yet. */
  plan(batch: number, options?: { still?: boolean }): Promise<PlanInfo>;
  /**
   * Device time of one training step by kernel, longest first; it updates the parameters as a step does.
   * @throws PlanError where the device was requested without the feature 'timestamp-query'
   */
  profile(batch: FrameBatch, randomness: Randomness): Promise<KernelProfile[]>;
}
