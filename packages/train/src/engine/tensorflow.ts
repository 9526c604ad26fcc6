import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { createTensorFlowEngine, type Engine, type EngineSpec } from '@nem/core';
import type { Key } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../errors.js';

const register = {
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
  },
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}${sep}`);
  },
};

/**
 * An engine on a backend of TensorFlow.js in this thread, which it keeps busy while it computes.
 * @param key of the parameters' start
 * @throws RunError where the backend does not start on this machine
 */
export async function createBackendEngine(backend: keyof typeof register, spec: EngineSpec, key: Key): Promise<Engine> {
  // TensorFlow.js advertises another package on its first use under Node.
  tf.env().set('IS_TEST', true);
  await register[backend]();
  if (!(await tf.setBackend(backend))) {
    throw new RunError(`the engine '${backend}' does not start on this machine: try --engine cpu.`);
  }
  return createTensorFlowEngine(spec, key);
}
