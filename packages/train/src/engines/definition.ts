import type { Engine, EngineSpec } from '@nem/core';
import type { Key } from '@nem/random';
import type { Remedy } from '../errors.js';
import type { SetupOptions, SetupResult } from './libtensorflow/setup.js';

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
  /** Products of the forward half in half precision, by an engine that has it. Default false. */
  readonly float16?: boolean;
}

/** What is known of an engine before it runs. Its libraries are loaded when it is probed or made, not before. */
export interface EngineDefinition {
  readonly hardware: 'cpu' | 'gpu';
  /** How many threads it computes with: one, as many workers as it is told, or as many as its library takes. */
  readonly threads: 'one' | 'workers' | 'library';
  /** Whether it can compute products in half precision. */
  readonly hasFloat16: boolean;
  /** Whether the command as one file has it: it needs no files of other packages. */
  readonly isBundled: boolean;
  probe(): Promise<EngineProbe>;
  /**
   * @param key of the parameters' start
   * @throws RunError where it does not start on this machine; RangeError where the network does not fit into memory
   */
  create(spec: EngineSpec, key: Key, options: EngineOptions): Promise<Engine>;
  /** Gives it what it needs to run here; absent where it needs nothing. */
  setup?(options: SetupOptions): Promise<SetupResult>;
}
