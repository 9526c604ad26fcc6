import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { createTensorFlowEngine, type Engine, type EngineSpec } from '@nem/core';
import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { RunError, UsageError } from '../errors.js';

/** Engines by preference; `auto` takes the first. */
export const ENGINES = ['wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * The engine that `name` names, or the best of this machine for `auto`.
 * @throws UsageError for an unknown name
 */
export function chooseEngine(name: string): EngineName {
  if (name === 'auto') return ENGINES[0];
  const known = ENGINES.find((engine) => engine === name);
  if (!known) throw new UsageError(`unknown engine '${name}': use auto, ${ENGINES.join(' or ')}.`);
  return known;
}

async function registerBackend(name: EngineName): Promise<void> {
  // TensorFlow.js advertises another package on its first use under Node.
  tf.env().set('IS_TEST', true);
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}${sep}`);
  }
}

/**
 * Makes an engine.
 * @param seed of the parameters' start
 * @throws RunError where the backend does not start on this machine
 */
export async function createEngine(name: EngineName, spec: EngineSpec, seed: number): Promise<Engine> {
  await registerBackend(name);
  if (!(await tf.setBackend(name))) {
    throw new RunError(`the engine '${name}' does not start on this machine: try --engine cpu.`);
  }
  return createTensorFlowEngine(spec, deriveKey(seed, 'parameters'));
}
