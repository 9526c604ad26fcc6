import type { EngineSpec } from '@nem/core';
import { createTensorFlowEngine, type EngineIdentity, type GradientEngine } from '@nem/core/tensorflow';
import type { Key } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { option, RunError } from '../errors.js';

/** What an engine through TensorFlow.js computes on. */
export interface TensorFlowBackend {
  /** The engine's name, for messages. */
  readonly engine: string;
  /** Registers it with TensorFlow.js; gives the name that it is registered under. */
  register(): Promise<string>;
  /** What the engine says that it is, once it is registered. Default: by what it is registered under. */
  identity?(): EngineIdentity;
}

/**
 * An engine on a backend of TensorFlow.js in this thread, which it keeps busy while it computes.
 * @param key of the parameters' start
 * @throws RunError where the backend does not start on this machine
 */
export async function createBackendEngine(
  backend: TensorFlowBackend,
  spec: EngineSpec,
  key: Key,
): Promise<GradientEngine> {
  // TensorFlow.js advertises another package on its first use under Node, but in production. (In tests too: there it checks each
  // kernel for leaks, by a list that grows for good.)
  tf.env().set('PROD', true);
  if (!(await tf.setBackend(await backend.register()))) {
    const remedy = ['try ', option('engine', 'cpu'), '.'];
    throw new RunError(`the engine '${backend.engine}' does not start on this machine`, remedy);
  }
  return createTensorFlowEngine(spec, key, backend.identity?.() ?? {});
}
