import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, sep } from 'node:path';
import { BUNDLED } from '../system/assets.js';
import { counted } from '../words.js';
import type { TensorFlowBackend } from './backend-engine.js';
import type { EngineDefinition } from './definition.js';
import { allowRelaxedSimd } from './relaxed-simd.js';

/** What each worker thread computes on. */
export const wasmBackend: TensorFlowBackend = {
  engine: 'wasm',
  async register() {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}${sep}`);
    allowRelaxedSimd();
    (await import('@nem/core/wasm')).registerWasmKernels();
    return 'wasm';
  },
};

/** `wasm`: TensorFlow.js on WebAssembly in worker threads, part of this package. */
export const wasm: EngineDefinition = {
  hardware: 'cpu',
  threads: 'workers',
  hasFloat16: false,
  isBundled: false,
  async probe() {
    if (BUNDLED) {
      const reason = 'the bundled command has no engine wasm';
      return { usable: false, reason, remedy: 'npm install @nem/train' };
    }
    return { usable: true, device: `CPU, ${counted(availableParallelism(), 'core')}, WebAssembly` };
  },
  async create(spec, key, { workers = availableParallelism() }) {
    return (await import('./pool/pool-engine.js')).createPoolEngine(spec, key, workers);
  },
};
