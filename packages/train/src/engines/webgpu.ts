import type { EngineDefinition } from './definition.js';

/** `webgpu`: Dawn, the WebGPU implementation of Chromium, on the GPU's own driver. */
export const webgpu: EngineDefinition = {
  hardware: 'gpu',
  threads: 'library',
  hasFloat16: true,
  isBundled: true,
  async probe() {
    return (await import('./webgpu/probe.js')).probeWebgpu();
  },
  async create(spec, key, { float16 }) {
    return (await import('./webgpu/engine.js')).createWebgpuEngine(spec, key, float16);
  },
};
