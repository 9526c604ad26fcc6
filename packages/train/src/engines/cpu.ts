import type { TensorFlowBackend } from './backend-engine.js';
import type { EngineDefinition } from './definition.js';

export const cpuBackend: TensorFlowBackend = {
  engine: 'cpu',
  async register() {
    await import('@tensorflow/tfjs-backend-cpu');
    return 'cpu';
  },
};

/** `cpu`: plain JavaScript, the reference. It keeps to one thread. */
export const cpu: EngineDefinition = {
  hardware: 'cpu',
  threads: 'one',
  precisions: ['float32'],
  isBundled: true,
  async probe() {
    return { usable: true, device: 'CPU, 1 core, plain JavaScript' };
  },
  async create(spec, key) {
    return (await import('./backend-engine.js')).createBackendEngine(cpuBackend, spec, key);
  },
};
