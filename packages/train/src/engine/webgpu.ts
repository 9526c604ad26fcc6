import { createRequire } from 'node:module';
import type { Engine, EngineSpec } from '@nem/core';
import type { Key } from '@nem/random';
import { compile, requestDevice } from '@nem/webgpu';
import { RunError } from '../errors.js';

/** What is used of the npm package `webgpu`, which is an optional peer. */
interface DawnModule {
  readonly globals: Record<string, unknown>;
  create(options: string[]): GPU;
}

/** Everything made from an instance dies when it is collected. */
let instance: GPU | undefined;

async function requestAdapter(): Promise<GPUAdapter> {
  let dawn: DawnModule;
  try {
    dawn = (await import(createRequire(import.meta.url).resolve('webgpu'))) as DawnModule;
  } catch {
    throw new RunError("the engine 'webgpu' needs the npm package webgpu: run npm install webgpu.");
  }
  instance ??= dawn.create([]);
  const adapter = await instance.requestAdapter();
  if (!adapter) {
    throw new RunError(
      "the engine 'webgpu' finds no GPU adapter: install the GPU's driver with Vulkan, or name a driver in VK_ICD_FILENAMES.",
    );
  }
  return adapter;
}

/**
 * An engine on a GPU by way of Dawn.
 * @param key of the parameters' start
 * @throws RunError where Dawn or an adapter is missing
 */
export async function createWebgpuEngine(spec: EngineSpec, key: Key): Promise<Engine> {
  const adapter = await requestAdapter();
  const device = await requestDevice(adapter);
  const engine = await compile(device, { ...spec, key });
  const { description, vendor } = adapter.info;
  const dispose = engine.dispose.bind(engine);
  return Object.defineProperties(engine, {
    device: { value: description || vendor || 'GPU', enumerable: true },
    dispose: {
      value: () => {
        dispose();
        device.destroy();
      },
    },
  });
}
