import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { EngineSpec } from '@nem/core';
import { createTensorFlowEngine, type EngineIdentity, type GradientEngine } from '@nem/core/tensorflow';
import type { Key } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../errors.js';
import type { EngineName } from './engine-names.js';
import { LIBTENSORFLOW_BACKEND, libTensorFlowDevice, registerLibTensorFlow } from './native/backend.js';
import { allowRelaxedSimd } from './relaxed-simd.js';

/** The engines that compute through TensorFlow.js. */
export type TensorFlowName = Exclude<EngineName, 'webgpu'>;

/** Registers an engine's backend with TensorFlow.js; gives the backend's name. */
const register = {
  cuda: async () => {
    registerLibTensorFlow('cuda');
    return LIBTENSORFLOW_BACKEND;
  },
  native: async () => {
    registerLibTensorFlow('native');
    return LIBTENSORFLOW_BACKEND;
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return 'cpu';
  },
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}${sep}`);
    allowRelaxedSimd();
    (await import('@nem/core/wasm')).registerWasmKernels();
    return 'wasm';
  },
} satisfies Record<TensorFlowName, () => Promise<string>>;

/** The name and device that `nem` knows an engine by. */
const identity = (name: TensorFlowName): EngineIdentity =>
  name === 'cuda' || name === 'native' ? { name, device: libTensorFlowDevice(name) } : {};

/**
 * An engine on a backend of TensorFlow.js in this thread, which it keeps busy while it computes.
 * @param key of the parameters' start
 * @throws RunError where the backend does not start on this machine
 */
export async function createBackendEngine(name: TensorFlowName, spec: EngineSpec, key: Key): Promise<GradientEngine> {
  // TensorFlow.js advertises another package on its first use under Node, but in production. (In tests too: there it checks each
  // kernel for leaks, by a list that grows for good.)
  tf.env().set('PROD', true);
  if (!(await tf.setBackend(await register[name]()))) {
    throw new RunError(`the engine '${name}' does not start on this machine: try --engine cpu.`);
  }
  return createTensorFlowEngine(spec, key, identity(name));
}
