import type { EngineDefinition, EngineProbe } from './definition.js';
import type { LibTensorFlowEngine } from './libtensorflow/package.js';

async function probe(engine: LibTensorFlowEngine): Promise<EngineProbe> {
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
