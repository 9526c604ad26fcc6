import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { EngineSpec } from '@nem/core';
import { decorateEngine } from '@nem/core';
import type { Key } from '@nem/random';
import {
  type Ceilings,
  compile,
  DeviceLostError,
  measureCeilings,
  OutOfMemoryError,
  PlanError,
  pauseDawnPolling,
  requestDevice,
  ShaderError,
  type WebGpuEngine,
} from '@nem/webgpu';
import { EngineError, RunError } from '../../errors.js';
import type { Precision } from '../precision.js';
import type { DeviceCeilings } from '../profiler.js';
import { ADAPTER_OPTIONS, adapterName } from './adapter.js';

/** What is used of the npm package `webgpu`, which is an optional peer. */
interface DawnModule {
  create(options: string[]): GPU;
}

/** Everything made from an instance dies when it is collected. */
let instance: GPU | undefined;

async function requestAdapter(): Promise<GPUAdapter> {
  let dawn: DawnModule;
  try {
    const path = createRequire(import.meta.url).resolve('webgpu');
    dawn = (await import(pathToFileURL(path).href)) as DawnModule;
  } catch {
    throw new RunError("the engine 'webgpu' needs the npm package webgpu", 'run npm install webgpu.');
  }
  instance ??= dawn.create([
    // Browsers round timestamps to a tenth of a millisecond, against snooping; most kernels are shorter.
    'disable-dawn-features=timestamp_quantization',
    // They also check every access to an array, against foreign kernels; all that run here are ours. On NVIDIA's cards under Vulkan Dawn
    // has no half precision unless it is asked for, since some of its own tests fail there; here only `--float16` uses it.
    'enable-dawn-features=disable_robustness,vulkan_enable_f16_on_nvidia',
  ]);
  pauseDawnPolling();
  const adapter = await instance.requestAdapter(ADAPTER_OPTIONS);
  if (!adapter) {
    throw new RunError(
      "the engine 'webgpu' finds no GPU adapter",
      "install the GPU's driver with Vulkan, or name a driver in VK_ICD_FILENAMES.",
    );
  }
  return adapter;
}

/** An error of the device or of the plan in the words of the command. */
function asRunError(error: unknown): unknown {
  if (error instanceof DeviceLostError) return new EngineError('deviceLost', error.reason);
  const known = [OutOfMemoryError, PlanError, ShaderError].some((type) => error instanceof type);
  return known ? new RunError((error as Error).message) : error;
}

/** A call whose errors are those of the command, whether it fails now or later. */
function withRunErrors(call: () => unknown): unknown {
  const fail = (error: unknown) => {
    throw asRunError(error);
  };
  try {
    const result = call();
    return result instanceof Promise ? result.catch(fail) : result;
  } catch (error) {
    return fail(error);
  }
}

/** `engine` with its device's name, errors as the command's, and `dispose` for the device too. */
function onDevice(engine: WebGpuEngine, device: GPUDevice, name: string): WebGpuEngine {
  const dispose = () => {
    engine.dispose();
    device.destroy();
  };
  return decorateEngine(engine, { members: { device: name, dispose }, around: withRunErrors });
}

/**
 * An engine on a GPU by way of Dawn.
 * @param key of the parameters' start
 * @param precision of the forward half's products; those of the backward half are in float32
 * @throws RunError where Dawn or an adapter is missing, or the network does not fit the device
 */
export async function createWebgpuEngine(
  spec: EngineSpec,
  key: Key,
  precision: Precision = 'float32',
): Promise<WebGpuEngine> {
  const adapter = await requestAdapter();
  const device = await requestDevice(adapter);
  try {
    const products = precision === 'float16' ? 'float16' : 'float32';
    return onDevice(await compile(device, { ...spec, key, products }), device, adapterName(adapter.info));
  } catch (error) {
    throw asRunError(error);
  }
}

function ceilingTexts({ copy, product }: Ceilings): Pick<DeviceCeilings, 'copyText' | 'productText'> {
  const { rows, columns, height, width, ahead } = product.tile;
  const byCommand = (copy.commandBytesPerSecond / 1e9).toFixed(1);
  return {
    copyText: `read and written, by a kernel between two buffers of ${copy.size / 2 ** 20} MiB (${byCommand} by copyBufferToBuffer)`,
    productText: `float32, ${new Array(3).fill(product.size).join(' × ')} by tiles of ${rows} × ${columns} in blocks of ${height} × ${width}${ahead ? '' : ', not ahead'}`,
  };
}

/**
 * What the GPU that {@link createWebgpuEngine} takes can do at most, and its name.
 * @throws RunError where Dawn, an adapter or its clock is missing
 */
export async function webgpuCeilings(): Promise<Ceilings & DeviceCeilings> {
  const adapter = await requestAdapter();
  const device = await requestDevice(adapter);
  try {
    const ceilings = await measureCeilings(device);
    return { device: adapterName(adapter.info), ...ceilings, ...ceilingTexts(ceilings) };
  } catch (error) {
    throw asRunError(error);
  } finally {
    device.destroy();
  }
}
