import { availableParallelism } from 'node:os';
import type { Engine, EngineSpec } from '@nem/core';
import { deriveKey, type Key } from '@nem/random';
import { BUNDLED } from '../assets.js';
import { RunError, UsageError } from '../errors.js';
import type { EngineName } from './engine-names.js';

/**
 * Worker threads of the engine `name`: as many as asked for, or one a core; undefined where it has none.
 * @throws UsageError for a number of threads of an engine that has none
 */
export function engineWorkers(name: EngineName, workers?: number): number | undefined {
  if (name === 'wasm') return workers ?? availableParallelism();
  if (workers === undefined) return undefined;
  throw new UsageError(`the engine '${name}' has no worker threads: leave out --workers, or add --engine wasm.`);
}

/**
 * Whether the engine `name` computes products of the forward half in half precision; undefined where that was not asked for.
 * @throws UsageError for an engine that cannot
 */
export function engineFloat16(name: EngineName, float16?: boolean): true | undefined {
  if (!float16) return undefined;
  if (name === 'webgpu') return true;
  throw new UsageError(`the engine '${name}' has no half precision: leave out --float16, or add --engine webgpu.`);
}

/** An engine's name and what it runs on, e.g. `wasm (2 worker threads)`. */
export const describeEngine = ({ name, device }: Engine): string => (device ? `${name} (${device})` : name);

export interface EngineOptions {
  /** Worker threads of the engine `wasm`, from 1. Default: one a core. */
  readonly workers?: number;
  /** Products of the forward half in half precision, by the engine `webgpu`. Default false. */
  readonly float16?: boolean;
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
  options: EngineOptions = {},
): Promise<Engine> {
  try {
    return await make(name, spec, deriveKey(seed, 'parameters'), options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RunError(
      `the network and its optimizer do not fit into memory (${error.message}): make it smaller, e.g. --set network.recurrent.size=250.`,
    );
  }
}

async function make(
  name: EngineName,
  spec: EngineSpec,
  key: Key,
  { workers = availableParallelism(), float16 }: EngineOptions,
): Promise<Engine> {
  if (BUNDLED) requireBundled(name);
  if (name === 'wasm') return (await import('./pool/pool-engine.js')).createPoolEngine(spec, key, workers);
  if (name === 'webgpu') return (await import('./webgpu.js')).createWebgpuEngine(spec, key, float16);
  const engine = await (await import('./tensorflow.js')).createBackendEngine(name, spec, key);
  // The reference keeps to one thread.
  return name === 'cpu' ? engine : (await import('./ahead/noise-ahead.js')).withNoiseAhead(engine, spec);
}

/** Engines that need files of other packages are not in the command as one file. */
function requireBundled(name: EngineName): void {
  if (name === 'webgpu' || name === 'cpu') return;
  throw new RunError(`the bundled command has no engine '${name}': use --engine webgpu or cpu, or install @nem/train.`);
}
