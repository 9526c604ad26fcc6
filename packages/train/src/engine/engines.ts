import { availableParallelism } from 'node:os';
import type { Engine, EngineSpec } from '@nem/core';
import { deriveKey } from '@nem/random';
import type { EngineName } from './engine-names.js';

/** Worker threads of the engine `name`: as many as asked for, or one a core; undefined where it has none. */
export function engineWorkers(name: EngineName, workers: number = availableParallelism()): number | undefined {
  return name === 'wasm' ? workers : undefined;
}

/** An engine's name and what it runs on, e.g. `wasm (2 worker threads)`. */
export const describeEngine = ({ name, device }: Engine): string => (device ? `${name} (${device})` : name);

export interface EngineOptions {
  /** Worker threads of the engine `wasm`, from 1. Default: one a core. */
  readonly workers?: number;
}

/**
 * Makes an engine; loads only what it needs.
 * @param seed of the parameters' start
 * @throws RunError where the engine does not start on this machine
 */
export async function createEngine(
  name: EngineName,
  spec: EngineSpec,
  seed: number,
  { workers = availableParallelism() }: EngineOptions = {},
): Promise<Engine> {
  const key = deriveKey(seed, 'parameters');
  if (name === 'wasm') return (await import('./pool/pool-engine.js')).createPoolEngine(spec, key, workers);
  if (name === 'webgpu') return (await import('./webgpu.js')).createWebgpuEngine(spec, key);
  return (await import('./tensorflow.js')).createBackendEngine(name, spec, key);
}
