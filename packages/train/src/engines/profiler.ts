import type { Engine, EngineSpec, FrameBatch, KernelProfile, Randomness } from '@nem/core';
import type { Key } from '@nem/random';
import type { Precision } from './precision.js';

/** An engine that tells what its kernels take. */
export interface ProfiledEngine extends Engine {
  /** Takes a training step, each kernel timed apart; the longest comes first. */
  profile(batch: FrameBatch, randomness: Randomness): Promise<readonly KernelProfile[]>;
}

/** What a device was measured to do at most: bytes read and written by a copy, and operations of a large product. */
export interface Speeds {
  readonly copy: { readonly bytesPerSecond: number };
  readonly product: { readonly operationsPerSecond: number };
}

/** The same with everything that was measured, and how, in words. */
export interface DeviceCeilings extends Speeds {
  readonly device: string;
  /** How `copy.bytesPerSecond` was measured, e.g. `read and written, between two arrays of 64 MiB`. */
  readonly copyText: string;
  /** How `product.operationsPerSecond` was measured, e.g. `float32, 1024 × 1024 × 1024`. */
  readonly productText: string;
}

/** How the training step of an engine is profiled. */
export interface Profiler {
  /** @throws RunError where the engine does not start on this machine */
  ceilings(precision?: Precision): Promise<DeviceCeilings>;
  /** As the engine's `create`. */
  create(spec: EngineSpec, key: Key, precision?: Precision): Promise<ProfiledEngine>;
}
