import { deriveKey } from '@nem/random';
import { byEngine } from './by-engine.js';
import { optional } from './optional.js';
import type { EngineDefinition } from './unroller.js';

type TensorFlow = typeof import('@tensorflow/tfjs-core');
type WasmBackend = typeof import('@tensorflow/tfjs-backend-wasm');

/** Tells TensorFlow.js where its WebAssembly files are: beside its code, under Node. */
function setPaths({ setWasmPaths }: WasmBackend): void {
  const module = globalThis.process?.getBuiltinModule?.('node:module');
  if (!module) return;
  const main = module.createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(main.slice(0, Math.max(main.lastIndexOf('/'), main.lastIndexOf('\\')) + 1));
}

/** WebAssembly with this project's kernels; false where it is not installed or does not start. */
async function startWasm(tf: TensorFlow): Promise<boolean> {
  const backend = await optional<WasmBackend>('@tensorflow/tfjs-backend-wasm');
  const kernels = await optional<typeof import('@nem/core/wasm')>('@nem/core/wasm');
  if (!backend || !kernels) return false;
  setPaths(backend);
  kernels.registerWasmKernels();
  return tf.setBackend('wasm');
}

/** The backend that the program has chosen, or the best one that is installed. */
async function startBackend(tf: TensorFlow): Promise<boolean> {
  if (tf.getBackend()) return true;
  if (await startWasm(tf)) return true;
  return (await optional('@tensorflow/tfjs-backend-cpu')) !== undefined && tf.setBackend('cpu');
}

/** TensorFlow.js on the program's backend, else on WebAssembly or in JavaScript. */
export const tensorflow: EngineDefinition = {
  needs: 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm',
  startsQuickly: true,
  async load() {
    const tf = await optional<TensorFlow>('@tensorflow/tfjs-core');
    const engine = await optional<typeof import('@nem/core/tensorflow')>('@nem/core/tensorflow');
    if (!tf || !engine || !(await startBackend(tf))) return undefined;
    return byEngine('tensorflow', (spec) => engine.createTensorFlowEngine(spec, deriveKey(0, 'parameters')));
  },
};
