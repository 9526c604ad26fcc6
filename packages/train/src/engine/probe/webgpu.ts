import { createRequire } from 'node:module';
import type { EngineProbe } from './probe.js';

/** What is used of the npm package `webgpu`, which is an optional peer. */
interface DawnModule {
  create(options: string[]): {
    requestAdapter(): Promise<{ info: { device?: string; description?: string; vendor?: string } } | null>;
  };
}

/** Adapters die with the instance that they come from: it must not be collected. */
let instance: ReturnType<DawnModule['create']> | undefined;

const NO_ADAPTER = {
  reason: 'Dawn finds no GPU adapter',
  remedy: "install the GPU's Vulkan driver, or set VK_ICD_FILENAMES",
};

/** Drivers that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** `webgpu`: Dawn, the WebGPU implementation of Chromium, on the GPU's own driver. */
export async function probeWebgpu(): Promise<EngineProbe> {
  const name = 'webgpu';
  let dawn: DawnModule;
  try {
    const { resolve } = createRequire(import.meta.url);
    dawn = (await import(resolve('webgpu'))) as DawnModule;
  } catch {
    return { name, usable: false, reason: 'the npm package webgpu is not installed', remedy: 'npm install webgpu' };
  }
  try {
    instance ??= dawn.create([]);
    const adapter = await instance.requestAdapter();
    if (!adapter) return { name, usable: false, ...NO_ADAPTER };
    const { device, description, vendor } = adapter.info;
    const words = [device, description, vendor].find((text) => text) ?? 'GPU';
    return { name, usable: true, device: words, software: SOFTWARE.test(`${device} ${description}`) };
  } catch {
    return { name, usable: false, ...NO_ADAPTER };
  }
}
