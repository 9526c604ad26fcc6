import type { Engine, EngineSpec, FrameBatch, KernelProfile, Randomness } from '@nem/core';
import type { Key } from '@nem/random';

/** What {@link compile} compiles. */
export interface CompileSpec extends EngineSpec {
  /** Key of the parameters' initial values. Default: that of seed 0. */
  readonly key?: Key;
  /** Sequences in a batch, at least 1. If given, the training step is compiled at once instead of when it is first used. */
  readonly batch?: number;
  /** Whether batches hold one still frame instead of T + 1. Default false; used only with `batch`. */
  readonly still?: boolean;
  /** Whether sums over a workgroup use subgroup operations. Default: whether the device has the feature 'subgroups'. */
  readonly subgroups?: boolean;
  /**
   * Precision of the forward half's matrix products. 'float16' rounds their operands to half precision and sums up at most 16 products in it;
   * these partial sums are added in float32. Gradients stay float32. It needs the feature 'shader-f16'. Default 'float32'.
   */
  readonly products?: 'float32' | 'float16';
}

/** What a compiled training step needs. */
export interface PlanInfo {
  /** Kernel launches of one training step. */
  readonly dispatches: number;
  /** Bytes of its buffers, without the parameters and Adam's state. */
  readonly bytes: number;
}

/** An engine whose training step is compiled for a GPU device. */
export interface WebGpuEngine extends Engine {
  /**
   * Compiles the training step for a batch, unless that is done already. The plans of the last two batch sizes are kept.
   * @param batch sequences, at least 1
   * @param options `still`: whether the batch holds one still frame instead of T + 1. Default false
   * @throws InputError for another batch or option; DisposedError if `dispose()` is called before it is done
   * @throws PlanError, OutOfMemoryError, ShaderError, DeviceLostError
   */
  plan(batch: number, options?: { still?: boolean }): Promise<PlanInfo>;
  /**
   * Device time of one training step by kernel, longest first. Like any step, it updates the parameters.
   * @throws PlanError if the device was requested without the feature 'timestamp-query'
   */
  profile(batch: FrameBatch, randomness: Randomness): Promise<KernelProfile[]>;
}
