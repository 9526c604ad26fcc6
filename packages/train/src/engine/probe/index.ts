import { probeCpu } from './cpu.js';
import { probeCuda } from './cuda.js';
import { probeNative } from './native.js';
import type { EngineProbe } from './probe.js';
import { probeWasm } from './wasm.js';
import { probeWebgpu } from './webgpu.js';

export type { EngineProbe } from './probe.js';

/** Every engine's probe, by preference. */
export const probes = {
  cuda: probeCuda,
  webgpu: probeWebgpu,
  native: probeNative,
  wasm: probeWasm,
  cpu: probeCpu,
} as const satisfies Record<string, () => Promise<EngineProbe>>;
