import { missingPackages, requirePackages } from '../system/optional-package.js';
import type { EngineDefinition, EngineProbe } from './definition.js';
import type { LibTensorFlowEngine } from './libtensorflow/package.js';

/** Beside the package of the engine: that brings it too, but some package managers keep it for that one alone. */
const PACKAGES = ['@tensorflow/tfjs-core'];

async function probe(engine: LibTensorFlowEngine): Promise<EngineProbe> {
  const missing = missingPackages(PACKAGES);
  if (missing) return { usable: false, ...missing };
  const [{ libTensorFlowDevice }, { EngineUnavailable }] = await Promise.all([
    import('./libtensorflow/backend.js'),
    import('./libtensorflow/package.js'),
  ]);
  try {
    return { usable: true, device: libTensorFlowDevice(engine) };
  } catch (error) {
    if (!(error instanceof EngineUnavailable)) throw error;
    return { usable: false, reason: error.reason, remedy: error.remedy };
  }
}

/** What `tensorflow` and `cuda` share: libtensorflow through a Node addon, with a thread beside it that draws noise. */
export const libTensorFlow = (
  engine: LibTensorFlowEngine,
  hardware: EngineDefinition['hardware'],
): EngineDefinition => ({
  hardware,
  threads: 'library',
  precisions: ['float32'],
  isOnlyNamed: engine === 'tensorflow',
  isBundled: false,
  probe: () => probe(engine),
  async create(spec, key) {
    requirePackages(`the engine '${engine}'`, PACKAGES);
    const { libTensorFlowBackend } = await import('./libtensorflow/backend.js');
    const made = await (await import('./backend-engine.js')).createBackendEngine(
      libTensorFlowBackend(engine),
      spec,
      key,
    );
    return (await import('./ahead/noise-ahead.js')).withNoiseAhead(made, spec);
  },
  async setup(options) {
    return (await import('./libtensorflow/setup.js')).setupEngine(engine, options);
  },
});
