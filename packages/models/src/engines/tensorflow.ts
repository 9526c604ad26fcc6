import { deriveKey } from '@nem/random';
import { byEngine } from './by-engine.js';
import { optional } from './optional.js';
import type { EngineDefinition } from './unroller.js';

type TensorFlow = typeof import('@tensorflow/tfjs-core');

/** The backend that the program has chosen, or the one in JavaScript. */
async function startBackend(tf: TensorFlow): Promise<boolean> {
  if (tf.getBackend()) return true;
  return (await optional('@tensorflow/tfjs-backend-cpu')) !== undefined && tf.setBackend('cpu');
}

/** TensorFlow.js on the program's backend, else in JavaScript. */
export const tensorflow: EngineDefinition = {
  needs: 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu',
  startsQuickly: true,
  async load() {
    const tf = await optional<TensorFlow>('@tensorflow/tfjs-core');
    const engine = await optional<typeof import('@nem/core/tensorflow')>('@nem/core/tensorflow');
    if (!tf || !engine || !(await startBackend(tf))) return undefined;
    return byEngine('tensorflow', (spec) => engine.createTensorFlowEngine(spec, deriveKey(0, 'parameters')));
  },
};
