import type { EngineProbe } from './probe.js';

/** `cpu`: plain JavaScript, the reference. */
export async function probeCpu(): Promise<EngineProbe> {
  return { name: 'cpu', usable: true, device: 'CPU, 1 core, plain JavaScript' };
}
