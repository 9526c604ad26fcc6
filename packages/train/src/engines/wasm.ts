import { kernelEngine } from './kernel-engine.js';

/** `wasm`: the kernels compiled for WebAssembly, in worker threads; part of this package. */
export const wasm = kernelEngine('wasm', ['float32']);
