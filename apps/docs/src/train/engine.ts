import type { Engine, EngineSpec } from '@nem/core';
import { loadWasm } from '@nem/kernels';
import { createKernelEngine } from '@nem/kernels/engine';
import { deriveKey } from '@nem/random';

/** An engine in WebAssembly, with parameters at the start of a seed. */
export async function createEngine(spec: EngineSpec, seed: number): Promise<Engine> {
  return createKernelEngine(await loadWasm(), spec, deriveKey(seed, 'parameters'));
}
