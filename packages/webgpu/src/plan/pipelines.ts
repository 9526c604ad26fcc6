import { ShaderError } from '../errors.js';
import { type Access, type AnyKernel, shaderText, writes } from './kernel.js';

function layoutEntry(access: Access, i: number): GPUBindGroupLayoutEntry {
  const type = writes(access) ? 'storage' : 'read-only-storage';
  return { binding: i + 1, visibility: 4, buffer: { type } };
}

/** A device's pipelines, without and with subgroup operations. */
const known = new WeakMap<GPUDevice, Map<boolean, Pipelines>>();

/** Pipelines by kernel text: equal kernels are compiled once for a device. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #subgroups: boolean;
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  /** Those of a device, which all its engines share. */
  static of(device: GPUDevice, subgroups: boolean): Pipelines {
    const both = known.get(device) ?? new Map<boolean, Pipelines>();
    known.set(device, both);
    const pipelines = both.get(subgroups) ?? new Pipelines(device, subgroups);
    both.set(subgroups, pipelines);
    return pipelines;
  }

  /** @param subgroups whether kernels may use subgroup operations */
  constructor(device: GPUDevice, subgroups: boolean) {
    this.#device = device;
    this.#subgroups = subgroups;
  }

  layout(access: readonly Access[]): GPUBindGroupLayout {
    const key = access.join();
    const made = this.#layouts.get(key);
    if (made) return made;
    const numbers = { binding: 0, visibility: 4, buffer: { type: 'uniform' as const } };
    const layout = this.#device.createBindGroupLayout({ entries: [numbers, ...access.map(layoutEntry)] });
    this.#layouts.set(key, layout);
    return layout;
  }

  /** @throws ShaderError where the device's compiler refuses the kernel */
  pipeline(kernel: AnyKernel): Promise<GPUComputePipeline> {
    const code = shaderText(kernel, this.#subgroups);
    const before = this.#pipelines.get(code);
    if (before) return before;
    const made = this.#compile(kernel, code);
    this.#pipelines.set(code, made);
    made.catch(() => this.#pipelines.delete(code));
    return made;
  }

  async #compile({ name, bindings }: AnyKernel, code: string): Promise<GPUComputePipeline> {
    const module = this.#device.createShaderModule({ label: name, code });
    const layout = this.#device.createPipelineLayout({ bindGroupLayouts: [this.layout(Object.values(bindings))] });
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
