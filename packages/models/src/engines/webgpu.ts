import { decorateEngine } from '@nem/core';
import { byEngine } from './by-engine.js';
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

/** A GPU. Compiling takes a while: it is taken where it is asked for. */
export const webgpu: EngineDefinition = {
  needs: 'a GPU and a browser with WebGPU, or npm install @nem/webgpu webgpu',
  startsQuickly: false,
  async load() {
    const nem = await optional<typeof import('@nem/webgpu')>('@nem/webgpu');
    const adapter = await (await findGpu())?.requestAdapter({ powerPreference: 'high-performance' });
    if (!nem || !adapter) return undefined;
    nem.pauseDawnPolling();
    return byEngine('webgpu', async (spec) => {
      const device = await nem.requestDevice(adapter);
      const engine = await nem.compile(device, spec);
      const dispose = () => {
        engine.dispose();
        device.destroy();
      };
      return decorateEngine(engine, { members: { dispose } });
    });
  },
};
