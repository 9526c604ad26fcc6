import type { EngineDefinition } from './definition.js';
import type { KernelTarget } from './kernels/load.js';

/** What `native` and `wasm` share: the kernels of @nem/kernels in worker threads. */
export const kernelEngine = (target: KernelTarget, precisions: EngineDefinition['precisions']): EngineDefinition => ({
  hardware: 'cpu',
  threads: 'workers',
  precisions,
  // One file cannot carry an addon.
  isBundled: target === 'wasm',
  async probe() {
    return (await import('./kernels/probe.js')).probeKernels(target);
  },
  async kernels() {
    return (await (await import('./kernels/load.js')).loadKernels(target)).variant;
  },
  async requirePrecision(precision) {
    const { loadKernels, requireKernelPrecision } = await import('./kernels/load.js');
    requireKernelPrecision(await loadKernels(target), precision);
  },
  async create(spec, key, options) {
    return (await import('./kernels/engine.js')).createKernelPool(target, spec, key, options);
  },
  async profiler() {
    return (await import('./kernels/engine.js')).kernelProfiler(target);
  },
});
