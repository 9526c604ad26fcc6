import { missingPackages, requirePackages } from '../system/optional-package.js';
import type { TensorFlowBackend } from './backend-engine.js';
import type { EngineDefinition } from './definition.js';

const PACKAGES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'];

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
    const missing = missingPackages(PACKAGES);
    return missing ? { usable: false, ...missing } : { usable: true, device: 'CPU, 1 core, plain JavaScript' };
  },
  async create(spec, key) {
    requirePackages("the engine 'cpu'", PACKAGES);
    return (await import('./backend-engine.js')).createBackendEngine(cpuBackend, spec, key);
  },
};
