import { availableParallelism } from 'node:os';
import type { EngineProbe } from './probe.js';

/** `wasm`: TensorFlow.js on WebAssembly, part of this package. */
export async function probeWasm(): Promise<EngineProbe> {
  return { name: 'wasm', usable: true, device: `CPU, ${availableParallelism()} cores, WebAssembly` };
}
