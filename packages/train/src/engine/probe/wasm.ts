import { availableParallelism } from 'node:os';
import { BUNDLED } from '../../assets.js';
import type { EngineProbe } from './probe.js';

/** `wasm`: TensorFlow.js on WebAssembly, part of this package. */
export async function probeWasm(): Promise<EngineProbe> {
  if (BUNDLED) {
    const reason = 'the bundled command has no engine wasm';
    return { name: 'wasm', usable: false, reason, remedy: 'npm install @nem/train' };
  }
  return { name: 'wasm', usable: true, device: `CPU, ${availableParallelism()} cores, WebAssembly` };
}
