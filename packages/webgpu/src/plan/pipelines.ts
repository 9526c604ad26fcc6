import { ShaderError } from '../errors.js';
import { type Access, type Kernel, shaderText } from './kernel.js';

function layoutEntry(access: Access, i: number): GPUBindGroupLayoutEntry {
  const type = access === 'read_write' ? 'storage' : 'read-only-storage';
  return { binding: i + 1, visibility: 4, buffer: { type } };
}

/** Pipelines by kernel text: equal kernels of an engine's plans are compiled once. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #subgroups: boolean;
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  /** @param subgroups whether kernels may use subgroup operations */
  constructor(device: GPUDevice, subgroups: boolean) {
    this.#device = device;
    this.#subgroups = subgroups;
  }

  layout(access: readonly Access[]): GPUBindGroupLayout {
    const key = access.join();
    const known = this.#layouts.get(key);
    if (known) return known;
    const numbers = { binding: 0, visibility: 4, buffer: { type: 'uniform' as const } };
    const layout = this.#device.createBindGroupLayout({ entries: [numbers, ...access.map(layoutEntry)] });
    this.#layouts.set(key, layout);
    return layout;
  }

  /** @throws ShaderError where the device's compiler refuses the kernel */
  pipeline(kernel: Kernel): Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(kernel.code);
    if (known) return known;
    const made = this.#compile(kernel);
    this.#pipelines.set(kernel.code, made);
    return made;
  }

  async #compile(kernel: Kernel): Promise<GPUComputePipeline> {
    const { name, buffers } = kernel;
    const module = this.#device.createShaderModule({ label: name, code: shaderText(kernel, this.#subgroups) });
    const layout = this.#device.createPipelineLayout({ bindGroupLayouts: [this.layout(Object.values(buffers))] });
    try {
      return await this.#device.createComputePipelineAsync({ label: name, layout, compute: { module } });
    } catch (error) {
      const { messages } = await module.getCompilationInfo();
      const first = messages.find((message) => message.type === 'error');
      const complaint = first ? `${first.message} (line ${first.lineNum})` : (error as Error).message;
      throw new ShaderError(`the kernel '${name}' does not compile on this device: ${complaint}`);
    }
  }
}
