import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Remedy } from '../../errors.js';
import { counted } from '../../words.js';
import type { TensorFlowBackend } from '../backend-engine.js';
import { registerGradientKernels } from './gradient-kernels.js';
import { bindingFile, EngineUnavailable, installedPackage, type LibTensorFlowEngine } from './package.js';
import { loadQuietly, STDERR_GUARD } from './quiet-load.js';

/** What is used of the addon's exports. */
export interface Binding {
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
}

type BackendClass = new (binding: Binding, packageName: string) => tf.KernelBackend;

/** The name under which tfjs-node's kernels are registered with TensorFlow.js. */
const LIBTENSORFLOW_BACKEND = 'tensorflow';

/**
 * Environment of libtensorflow: quiet (its notes on CPU features go to stderr), and for `tensorflow` without a GPU, which it
 * would otherwise take.
 */
export function libTensorFlowEnvironment(engine: LibTensorFlowEngine): Record<string, string> {
  const quiet = { TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '3' };
  return engine === 'tensorflow' ? { ...quiet, CUDA_VISIBLE_DEVICES: '-1' } : quiet;
}

/** The folder whose libtensorflow a binding was built with. */
function builtWith(file: string): string | undefined {
  try {
    const { tensorflow } = JSON.parse(readFileSync(join(dirname(file), 'binding.json'), 'utf8')) as {
      tensorflow: string;
    };
    return tensorflow;
  } catch {
    return undefined;
  }
}

/**
 * Loads an engine's addon.
 * @throws EngineUnavailable where there is none, it does not load, or it finds no GPU for `cuda`
 */
function loadBinding(engine: LibTensorFlowEngine): { binding: Binding; packageName: string } {
  const installed = installedPackage(engine);
  const setup: Remedy = [{ type: 'setUpEngine', engine }];
  const file = bindingFile(engine, installed);
  if (!file) throw new EngineUnavailable(`${installed.name} has no binding to libtensorflow yet`, setup);
  if (builtWith(file) !== undefined && !existsSync(join(dirname(file), STDERR_GUARD))) {
    throw new EngineUnavailable(`the binding of ${installed.name} was built by an older version`, setup);
  }
  Object.assign(process.env, libTensorFlowEnvironment(engine));
  let binding: Binding;
  try {
    binding = loadQuietly(installed.require, file) as Binding;
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    const folder = builtWith(file);
    const origin = folder ? ` (built with ${folder})` : '';
    throw new EngineUnavailable(`the binding of ${installed.name}${origin} does not load: ${line}`, setup);
  }
  if (engine === 'cuda' && !binding.isUsingGpuDevice()) {
    throw new EngineUnavailable(`libtensorflow ${binding.TF_Version} finds no CUDA device`, [
      'pip install "tensorflow[and-cuda]", see that nvidia-smi lists the GPU, then ',
      ...setup,
    ]);
  }
  return { binding, packageName: installed.name };
}

let registered: LibTensorFlowEngine | undefined;

/**
 * Registers libtensorflow as TensorFlow.js's backend {@link LIBTENSORFLOW_BACKEND}. Without the package's own entry, which
 * looks for the addon only inside node_modules.
 * @throws EngineUnavailable as {@link loadBinding}
 */
function registerLibTensorFlow(engine: LibTensorFlowEngine): void {
  if (registered === engine) return;
  const { binding, packageName } = loadBinding(engine);
  const { require } = installedPackage(engine);
  require('./dist/register_all_kernels');
  registerGradientKernels(LIBTENSORFLOW_BACKEND);
  const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend') as { NodeJSKernelBackend: BackendClass };
  if (registered) tf.removeBackend(LIBTENSORFLOW_BACKEND);
  tf.registerBackend(LIBTENSORFLOW_BACKEND, () => new NodeJSKernelBackend(binding, packageName), 3);
  registered = engine;
}

/** The device in words, e.g. `CPU, 2 cores, TensorFlow 2.21.0`. Loads the addon. */
export function libTensorFlowDevice(engine: LibTensorFlowEngine): string {
  const { binding } = loadBinding(engine);
  const device = engine === 'cuda' ? 'NVIDIA GPU' : `CPU, ${counted(cpus().length, 'core')}`;
  return `${device}, TensorFlow ${binding.TF_Version}`;
}

/** libtensorflow as what an engine computes on. */
export const libTensorFlowBackend = (engine: LibTensorFlowEngine): TensorFlowBackend => ({
  engine,
  async register() {
    registerLibTensorFlow(engine);
    return LIBTENSORFLOW_BACKEND;
  },
  identity: () => ({ name: engine, device: libTensorFlowDevice(engine) }),
});
