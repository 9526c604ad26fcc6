import { kernelEngine } from './kernel-engine.js';

/** `native`: the kernels compiled for this processor, in worker threads. */
export const native = kernelEngine('native', ['float32', 'bfloat16']);
