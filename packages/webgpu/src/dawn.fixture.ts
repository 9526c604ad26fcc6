import { existsSync } from 'node:fs';
import { create, globals } from 'webgpu';
import { pauseDawnPolling } from './dawn-polling.js';

/** Files that name Chromium's software driver and Mesa's for the Vulkan loader. */
const DRIVERS = {
  swiftshader: ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib64/chromium-browser/vk_swiftshader_icd.json'],
  lavapipe: ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map(
    (file) => `/usr/share/vulkan/icd.d/${file}`,
  ),
};

/**
 * Dawn's instances by what they were made for. They are kept: everything made from an instance dies when the instance is
 * garbage-collected, and a call of a dead device ends the process.
 */
const instances = new Map<string | undefined, GPU>();

function kept(name: string | undefined, options: string[]): GPU {
  Object.assign(globalThis, globals);
  pauseDawnPolling();
  const instance = instances.get(name) ?? create(options);
  instances.set(name, instance);
  return instance;
}

/** `undefined` where the driver is missing, or Dawn refuses it. */
async function adapterOf(driver: string | undefined): Promise<GPUAdapter | undefined> {
  // The Vulkan loader reads the variable whenever an instance is made.
  if (driver) process.env.VK_ICD_FILENAMES = driver;
  process.env.XDG_RUNTIME_DIR ??= '/tmp';
  // Without Dawn's checks of array accesses, as in @nem/train.
  return (await kept(driver, ['enable-dawn-features=disable_robustness']).requestAdapter()) ?? undefined;
}

/** An adapter of Dawn's null backend, which checks every call and computes nothing. It has every feature. */
export async function nullAdapter(): Promise<GPUAdapter> {
  return (await kept('null', ['backend=null']).requestAdapter()) as GPUAdapter;
}

const named = process.env.VK_ICD_FILENAMES;

/** An adapter of Dawn: a GPU's, or SwiftShader's where there is none. `undefined` where there is no Vulkan driver. */
export function dawnAdapter(): Promise<GPUAdapter | undefined> {
  return adapterOf(named ?? DRIVERS.swiftshader.find((path) => existsSync(path)));
}

/**
 * An adapter of Mesa's software driver, which has half precision and subgroups of eight. `undefined` where it is missing, or too
 * old for Dawn or for half precision.
 */
export async function lavapipeAdapter(): Promise<GPUAdapter | undefined> {
  const driver = DRIVERS.lavapipe.find((path) => existsSync(path));
  const adapter = driver ? await adapterOf(driver) : undefined;
  return adapter?.features.has('shader-f16') ? adapter : undefined;
}

/**
 * An adapter for tests whose kernels those of other packages have too: Mesa's driver keeps what it has compiled for all of them.
 * {@link dawnAdapter}'s where a driver is named, and where Mesa's is missing or too old.
 */
export async function keepingAdapter(): Promise<GPUAdapter | undefined> {
  return (named ? undefined : await lavapipeAdapter()) ?? dawnAdapter();
}

/**
 * Follows the buffers that a device makes from now on.
 * @returns how many were made, and those that are not destroyed yet
 */
export function followBuffers(device: GPUDevice): { made: number; readonly live: Set<GPUBuffer> } {
  const followed = { made: 0, live: new Set<GPUBuffer>() };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      followed.live.delete(buffer);
      return destroy();
    };
    followed.made++;
    followed.live.add(buffer);
    return buffer;
  };
  return followed;
}
