import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import type { EngineProbe } from '../definition.js';
import { ADAPTER_OPTIONS, adapterName } from './adapter.js';

const NO_ADAPTER = {
  reason: 'Dawn finds no GPU adapter',
  remedy: "install the GPU's Vulkan driver, or set VK_ICD_FILENAMES",
};

/** Drivers that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

const TIMEOUT = 20_000;

/** Prints the adapter's names as JSON, or null. It keeps what `create` returns: adapters die with it. */
const program = (dawn: string) => `
const { create } = await import(${JSON.stringify(dawn)});
globalThis.gpu = create([]);
const adapter = await globalThis.gpu.requestAdapter(${JSON.stringify(ADAPTER_OPTIONS)});
const { device, description, vendor } = adapter?.info ?? {};
console.log(JSON.stringify(adapter ? { device, description, vendor } : null));
process.exit(0);`;

const adapterSchema = v.nullable(
  v.object({ device: v.optional(v.string()), description: v.optional(v.string()), vendor: v.optional(v.string()) }),
);

/** In a process of its own: drivers that are missing write warnings of many lines, and bad ones crash. */
function adapterInfo(dawn: string): v.InferOutput<typeof adapterSchema> {
  const args = ['--input-type=module', '-e', program(dawn)];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIMEOUT,
  });
  if (status !== 0) return null;
  return v.parse(adapterSchema, JSON.parse(stdout));
}

/** Whether Dawn is installed and finds a GPU adapter. */
export async function probeWebgpu(): Promise<EngineProbe> {
  let dawn: string;
  try {
    dawn = pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href;
  } catch {
    return { usable: false, reason: 'the npm package webgpu is not installed', remedy: 'npm install webgpu' };
  }
  try {
    const info = adapterInfo(dawn);
    if (!info) return { usable: false, ...NO_ADAPTER };
    const { device, description } = info;
    return { usable: true, device: adapterName(info), software: SOFTWARE.test(`${device} ${description}`) };
  } catch {
    return { usable: false, ...NO_ADAPTER };
  }
}
