import type { EngineDefinition } from './definition.js';

/** `webgpu`: Dawn, the WebGPU implementation of Chromium, on the GPU's own driver. */
export const webgpu: EngineDefinition = {
  hardware: 'gpu',
  threads: 'library',
  precisions: ['float32', 'float16'],
  isBundled: true,
  async probe() {
    return (await import('./webgpu/probe.js')).probeWebgpu();
  },
  async create(spec, key, { precision }) {
    return (await import('./webgpu/engine.js')).createWebgpuEngine(spec, key, precision);
  },
  async profiler() {
    const { createWebgpuEngine, webgpuCeilings } = await import('./webgpu/engine.js');
    return { ceilings: webgpuCeilings, create: createWebgpuEngine };
  },
};
