import { OutOfMemoryError, ShaderError } from '../errors.js';
import type { Dispatch, PlanBuilder, Section, Storage } from './builder.js';
import { type Access, ARGUMENT_BYTES, type Kernel } from './kernel.js';

interface Launch {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly groups: readonly [number, number, number];
}

/** Device time of all launches of one kernel in one run. */
export interface KernelTime {
  readonly kernel: string;
  readonly launches: number;
  readonly milliseconds: number;
}

const SECTIONS: readonly Section[] = ['randomness', 'forward', 'backward', 'update'];

function layoutEntry(access: Access, i: number): GPUBindGroupLayoutEntry {
  const type = access === 'read_write' ? 'storage' : 'read-only-storage';
  return { binding: i + 1, visibility: 4, buffer: { type } };
}

/** Pipelines by kernel text: equal kernels of an engine's plans are compiled once. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice) {
    this.#device = device;
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

  pipeline(kernel: Kernel): Promise<GPUComputePipeline> {
    const known = this.#pipelines.get(kernel.code);
    if (known) return known;
    const made = this.#compile(kernel);
    this.#pipelines.set(kernel.code, made);
    return made;
  }

  async #compile({ name, code, buffers }: Kernel): Promise<GPUComputePipeline> {
    const module = this.#device.createShaderModule({ label: name, code });
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

/** A plan on a device: every buffer, pipeline and bind group made; a run only replays. */
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
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    const usage = GPUBufferUsageFlags.STORAGE | GPUBufferUsageFlags.COPY_SRC | GPUBufferUsageFlags.COPY_DST;
    const own: GPUBuffer[] = [];
    const buffers = new Map(shared);
    for (const storage of builder.storages) {
      if (buffers.has(storage)) continue;
      const buffer = device.createBuffer({ label: storage.label, size: Math.max(storage.elements, 1) * 4, usage });
      own.push(buffer);
      buffers.set(storage, buffer);
    }
    try {
      const dispatches = SECTIONS.flatMap((section) => builder.sections[section]);
      const numbers = uploadNumbers(device, dispatches);
      own.push(numbers.buffer);
      const made = await Promise.all(dispatches.map(({ kernel }) => pipelines.pipeline(kernel)));
      const launches = dispatches.map((dispatch, i) => ({
        name: dispatch.kernel.name,
        pipeline: made[i],
        groups: dispatch.groups,
        bindings: device.createBindGroup({
          layout: pipelines.layout(dispatch.access),
          entries: [
            { binding: 0, resource: { buffer: numbers.buffer, offset: i * numbers.stride, size: ARGUMENT_BYTES } },
            ...dispatch.buffers.map((storage, j) => ({
              binding: j + 1,
              resource: { buffer: buffers.get(storage) as GPUBuffer },
            })),
          ],
        }),
      }));
      return new Program(device, buffers, own, bySection(builder, launches));
    } catch (error) {
      for (const buffer of own) buffer.destroy();
      throw error;
    } finally {
      const memory = await device.popErrorScope();
      const validation = await device.popErrorScope();
      if (memory) {
        for (const buffer of own) buffer.destroy();
        // biome-ignore lint/correctness/noUnsafeFinally: the cause of whatever else failed
        throw new OutOfMemoryError(`the device has not enough memory for the plan: lower the batch or the steps.`);
      }
      // biome-ignore lint/correctness/noUnsafeFinally: as above
      if (validation) throw new ShaderError(`the device refuses the plan: ${validation.message}`);
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
    return this.#buffers.get(storage) as GPUBuffer;
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

  /** Runs `sections` with a timestamp before and after each launch, which slows the run. */
  async profile(sections: readonly Section[]): Promise<KernelTime[]> {
    const launches = sections.flatMap((section) => this.#launches[section]);
    const times = new Map<string, { launches: number; milliseconds: number }>();
    const most = 2048;
    for (let start = 0; start < launches.length; start += most) {
      const part = launches.slice(start, start + most);
      const nanoseconds = await timeLaunches(this.#device, part);
      for (const [i, { name }] of part.entries()) {
        const sum = times.get(name) ?? { launches: 0, milliseconds: 0 };
        sum.launches++;
        sum.milliseconds += nanoseconds[i] / 1e6;
        times.set(name, sum);
      }
    }
    return [...times].map(([kernel, time]) => ({ kernel, ...time })).sort((a, b) => b.milliseconds - a.milliseconds);
  }

  destroy(): void {
    for (const buffer of this.#own) buffer.destroy();
  }
}

/** WebGPU's flags by number: the globals that name them do not exist under Node. */
export const GPUBufferUsageFlags = {
  MAP_READ: 0x1,
  COPY_SRC: 0x4,
  COPY_DST: 0x8,
  UNIFORM: 0x40,
  STORAGE: 0x80,
  QUERY_RESOLVE: 0x200,
} as const;

function uploadNumbers(device: GPUDevice, dispatches: readonly Dispatch[]) {
  const stride = Math.max(device.limits.minUniformBufferOffsetAlignment, ARGUMENT_BYTES);
  const words = new Uint32Array((Math.max(dispatches.length, 1) * stride) / 4);
  for (const [i, { numbers }] of dispatches.entries()) words.set(numbers, (i * stride) / 4);
  const buffer = device.createBuffer({
    label: 'numbers',
    size: words.byteLength,
    usage: GPUBufferUsageFlags.UNIFORM | GPUBufferUsageFlags.COPY_DST,
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

async function timeLaunches(device: GPUDevice, launches: readonly Launch[]): Promise<Float64Array> {
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * launches.length });
  const size = 16 * launches.length;
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsageFlags;
  const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
  const read = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
  try {
    const encoder = device.createCommandEncoder();
    for (const [i, { pipeline, bindings, groups }] of launches.entries()) {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
      const pass = encoder.beginComputePass({ timestampWrites });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(groups[0], groups[1], groups[2]);
      pass.end();
    }
    encoder.resolveQuerySet(querySet, 0, 2 * launches.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, size);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(1);
    const stamps = new BigUint64Array(read.getMappedRange());
    return Float64Array.from(launches, (_, i) => Number(stamps[2 * i + 1] - stamps[2 * i]));
  } finally {
    querySet.destroy();
    resolved.destroy();
    read.destroy();
  }
}
