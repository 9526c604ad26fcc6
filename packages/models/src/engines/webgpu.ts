import { decorateEngine } from '@nem/core';
import { ModelError } from '../model-error.js';
import { byEngine, type MakeEngine } from './by-engine.js';
import { optional } from './optional.js';
import type { EngineDefinition } from './unroller.js';

/** What is used of the npm package `webgpu`: Dawn, for Node. */
interface Dawn {
  create(options: string[]): GPU;
}

/** Everything made from Dawn's instance dies when it is collected. */
let dawn: GPU | undefined;

/** What gives adapters: a browser's own, or Dawn. */
async function findGpu(): Promise<GPU | undefined> {
  const { navigator } = globalThis as { navigator?: { readonly gpu?: GPU } };
  if (navigator?.gpu) return navigator.gpu;
  dawn ??= (await optional<Dawn>('webgpu'))?.create([]);
  return dawn;
}

/** A new adapter: each gives one device. */
const findAdapter = async () => (await findGpu())?.requestAdapter({ powerPreference: 'high-performance' });

type Library = typeof import('@nem/webgpu');

/** Makes engines that have a device each, which is destroyed with them. */
export const onGpu =
  (nem: Pick<Library, 'requestDevice' | 'compile'>, adapter: typeof findAdapter): MakeEngine =>
  async (spec) => {
    const found = await adapter();
    if (!found) throw new ModelError('the GPU is gone: load the model again, or on another engine.');
    const device = await nem.requestDevice(found);
    try {
      const engine = await nem.compile(device, spec);
      const dispose = () => {
        engine.dispose();
        device.destroy();
      };
      return decorateEngine(engine, { members: { dispose } });
    } catch (error) {
      device.destroy();
      throw error;
    }
  };

/** A GPU. Compiling takes a while: it is taken where it is asked for. */
export const webgpu: EngineDefinition = {
  needs: 'a GPU and a browser with WebGPU, or npm install @nem/webgpu webgpu',
  startsQuickly: false,
  async load() {
    const nem = await optional<Library>('@nem/webgpu');
    if (!nem || !(await findAdapter())) return undefined;
    nem.pauseDawnPolling();
    return byEngine('webgpu', onGpu(nem, findAdapter));
  },
};
