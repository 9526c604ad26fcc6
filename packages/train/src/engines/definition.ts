import type { Engine, EngineSpec } from '@nem/core';
import type { Key } from '@nem/random';
import type { Remedy } from '../errors.js';
import type { SetupOptions, SetupResult } from './libtensorflow/setup.js';
import type { Precision } from './precision.js';
import type { Profiler } from './profiler.js';

/** Whether an engine can run here and, if not, why and what would mend it. */
export interface EngineProbe {
  readonly usable: boolean;
  /** What computes, in words; where usable. */
  readonly device?: string;
  /** Usable, but never taken by `auto`: a GPU emulated on the CPU. */
  readonly software?: boolean;
  /** Why not, without a full stop; where not usable. */
  readonly reason?: string;
  /** The command, or a short sentence, that mends it; where not usable. */
  readonly remedy?: Remedy;
}

export interface EngineOptions {
  /** Worker threads of an engine that has them, from 1. Default: one a core. */
  readonly workers?: number;
  /** What products are computed in, by an engine that can. Default `float32`. */
  readonly precision?: Precision;
}

/** What is known of an engine before it runs. Its libraries are loaded when it is probed or made, not before. */
export interface EngineDefinition {
  readonly hardware: 'cpu' | 'gpu';
  /** How many threads it computes with: one, as many workers as it is told, or as many as its library takes. */
  readonly threads: 'one' | 'workers' | 'library';
  /** What it can compute products in, on a device that can. */
  readonly precisions: readonly Precision[];
  /** Whether it is used only where it is named: `auto` never takes it. */
  readonly isOnlyNamed?: boolean;
  /** Whether the command as one file has it: it needs no files of other packages. */
  readonly isBundled: boolean;
  probe(): Promise<EngineProbe>;
  /**
   * The variant of its kernels that computes on this machine, e.g. `avx512`: others give other bits. Absent where there is one only.
   * @throws RunError where none does
   */
  kernels?(): Promise<string>;
  /** @throws UsageError for one of its precisions that this machine does not compute in, where that is known before it is made */
  requirePrecision?(precision: Precision): Promise<void>;
  /**
   * @param key of the parameters' start
   * @throws RunError where it does not start on this machine; RangeError where the network does not fit into memory
   */
  create(spec: EngineSpec, key: Key, options: EngineOptions): Promise<Engine>;
  /** How its training step is profiled by kernel; absent where it cannot be. */
  profiler?(): Promise<Profiler>;
  /** Gives it what it needs to run here; absent where it needs nothing. */
  setup?(options: SetupOptions): Promise<SetupResult>;
}
