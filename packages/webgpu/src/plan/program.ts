import type { KernelProfile } from '@nem/core';
import { OutOfMemoryError, ShaderError } from '../errors.js';
import { elementAt, required } from '../required.js';
import { BUFFER_USAGE, bufferBytes } from './buffers.js';
import type { Dispatch, PlanBuilder, Section, Storage } from './builder.js';
import { ARGUMENT_BYTES } from './kernel.js';
import type { Launch } from './launch.js';
import type { Pipelines } from './pipelines.js';
import { profileOf, timeLaunches } from './profile.js';
import { scoped } from './scoped.js';

const SECTIONS: readonly Section[] = ['frames', 'randomness', 'forward', 'backward', 'update'];

/** A plan on a device. Every buffer, pipeline and bind group is made in advance; a run only replays the launches. */
export class Program {
  readonly #device: GPUDevice;
  readonly #buffers: ReadonlyMap<Storage, GPUBuffer>;
  readonly #own: readonly GPUBuffer[];
  readonly #launches: Readonly<Record<Section, readonly Launch[]>>;

  private constructor(
    device: GPUDevice,
    buffers: ReadonlyMap<Storage, GPUBuffer>,
    own: readonly GPUBuffer[],
    launches: Readonly<Record<Section, readonly Launch[]>>,
  ) {
    this.#device = device;
    this.#buffers = buffers;
    this.#own = own;
    this.#launches = launches;
  }

  /**
   * Makes everything that a plan needs.
   * @param shared buffers that outlive the plan
   * @throws ShaderError, OutOfMemoryError
   */
  static async create(
    device: GPUDevice,
    builder: PlanBuilder,
    shared: ReadonlyMap<Storage, GPUBuffer>,
    pipelines: Pipelines,
  ): Promise<Program> {
    const dispatches = SECTIONS.flatMap((section) => builder.sections[section]);
    const { made, error } = scoped(device, 'out-of-memory', () => makeBuffers(device, builder, shared, dispatches));
    const { buffers, own, numbers } = made;
    try {
      if (await error) throw new OutOfMemoryError(`the device has not enough memory for the plan: lower the batch.`);
      const compiled = await Promise.all(dispatches.map(({ kernel }) => pipelines.pipeline(kernel)));
      const bound = scoped(device, 'validation', () =>
        dispatches.map((dispatch, i): Launch => {
          const entries = dispatch.buffers.map((storage, j) => ({
            binding: j + 1,
            resource: { buffer: required(buffers, storage) },
          }));
          const resource = { buffer: numbers.buffer, offset: i * numbers.stride, size: ARGUMENT_BYTES };
          const layout = pipelines.layout(dispatch.access);
          const bindings = device.createBindGroup({ layout, entries: [{ binding: 0, resource }, ...entries] });
          const { name, detail, cost } = dispatch.kernel;
          return { name, detail, cost, pipeline: elementAt(compiled, i), groups: dispatch.groups, bindings };
        }),
      );
      const refused = await bound.error;
      if (refused) throw new ShaderError(`the device refuses the plan: ${refused.message}`);
      return new Program(device, buffers, own, bySection(builder, bound.made));
    } catch (problem) {
      for (const buffer of own) buffer.destroy();
      throw problem;
    }
  }

  /** Number of launches of `sections`. */
  launches(sections: readonly Section[]): number {
    return sections.reduce((sum, section) => sum + this.#launches[section].length, 0);
  }

  /** Bytes of the plan's own buffers. */
  get bytes(): number {
    return this.#own.reduce((sum, buffer) => sum + buffer.size, 0);
  }

  buffer(storage: Storage): GPUBuffer {
    return required(this.#buffers, storage);
  }

  /** Records a replay of `sections`. */
  encode(encoder: GPUCommandEncoder, sections: readonly Section[]): void {
    const pass = encoder.beginComputePass();
    let current: GPUComputePipeline | undefined;
    for (const section of sections) {
      for (const { pipeline, bindings, groups } of this.#launches[section]) {
        if (pipeline !== current) pass.setPipeline(pipeline);
        current = pipeline;
        pass.setBindGroup(0, bindings);
        pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
      }
    }
    pass.end();
  }

  /**
   * Runs `sections` launch by launch and gives their device time by kernel.
   * @param goOn called after each wait; it throws where the program must not be used any more
   */
  async profile(sections: readonly Section[], goOn: () => void = () => undefined): Promise<KernelProfile[]> {
    const launches = sections.flatMap((section) => this.#launches[section]);
    return profileOf(await timeLaunches(this.#device, launches, goOn));
  }

  destroy(): void {
    for (const buffer of this.#own) buffer.destroy();
  }
}

function makeBuffers(
  device: GPUDevice,
  builder: PlanBuilder,
  shared: ReadonlyMap<Storage, GPUBuffer>,
  dispatches: readonly Dispatch[],
) {
  const usage = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST;
  const buffers = new Map(shared);
  const numbers = uploadNumbers(device, dispatches);
  const own = [numbers.buffer];
  for (const storage of builder.storages) {
    const buffer = device.createBuffer({ label: storage.label, size: bufferBytes(storage.elements), usage });
    own.push(buffer);
    buffers.set(storage, buffer);
  }
  return { buffers, own, numbers };
}

function uploadNumbers(device: GPUDevice, dispatches: readonly Dispatch[]) {
  const stride = Math.max(device.limits.minUniformBufferOffsetAlignment, ARGUMENT_BYTES);
  const words = new Uint32Array((Math.max(dispatches.length, 1) * stride) / 4);
  for (const [i, { numbers }] of dispatches.entries()) words.set(numbers, (i * stride) / 4);
  const buffer = device.createBuffer({
    label: 'numbers',
    size: words.byteLength,
    usage: BUFFER_USAGE.UNIFORM | BUFFER_USAGE.COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, words);
  return { buffer, stride };
}

function bySection(builder: PlanBuilder, launches: readonly Launch[]): Record<Section, readonly Launch[]> {
  let start = 0;
  const take = (section: Section) => {
    const end = start + builder.sections[section].length;
    const part = launches.slice(start, end);
    start = end;
    return part;
  };
  return Object.fromEntries(SECTIONS.map((section) => [section, take(section)])) as Record<Section, Launch[]>;
}
