import type { Engine, EngineSpec } from '@nem/core';
import { createTensorFlowEngine } from '@nem/core/tensorflow';
import { registerWasmKernels } from '@nem/core/wasm';
import { deriveKey } from '@nem/random';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';

let ready: Promise<void> | undefined;

async function prepare(): Promise<void> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    // Taken only by a page that shares memory between threads.
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  registerWasmKernels();
  await tf.setBackend('wasm');
  await tf.ready();
}

/** An engine in WebAssembly, with parameters at the start of a seed. */
export async function createEngine(spec: EngineSpec, seed: number): Promise<Engine> {
  ready ??= prepare();
  await ready;
  return createTensorFlowEngine(spec, deriveKey(seed, 'parameters'));
}
