import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { createTensorFlowEngine, type Engine, type EngineSpec } from '@nem/core';
import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../errors.js';
import type { EngineName } from './engine-names.js';

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
