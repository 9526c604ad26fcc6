import { existsSync } from 'node:fs';
import { create, globals } from 'webgpu';

const DRIVERS = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib64/chromium-browser/vk_swiftshader_icd.json'];

/** Dawn's instance: everything made from it dies when it is collected. */
let instance: GPU | undefined;

/** An adapter of Dawn: a GPU's, or SwiftShader's where there is none. `undefined` where there is no Vulkan driver. */
export async function dawnAdapter(): Promise<GPUAdapter | undefined> {
  const driver = DRIVERS.find((path) => existsSync(path));
  if (driver) process.env.VK_ICD_FILENAMES ??= driver;
  process.env.XDG_RUNTIME_DIR ??= '/tmp';
  Object.assign(globalThis, globals);
  instance ??= create([]);
  return (await instance.requestAdapter()) ?? undefined;
}
