import { OutOfMemoryError } from '../errors.js';
import { cover, WORKGROUP } from '../plan/kernel.js';
import { timeLaunches } from '../plan/profile.js';
import { BUFFER_USAGE, type Launch } from '../plan/program.js';
import { bestTime } from './best-time.js';
import { fillRandomly } from './random-buffer.js';

/** How fast a device copies one buffer to another. */
export interface CopyCeiling {
  /** Bytes of each of the two buffers. */
  readonly size: number;
  /** Bytes that a copy reads and writes: twice `size`. */
  readonly bytes: number;
  /** Of a copy by a kernel, in vectors of 16 bytes; by the device's clock. */
  readonly milliseconds: number;
  readonly bytesPerSecond: number;
  /** Bytes a second of the device's own command for it, `copyBufferToBuffer`; by the host's clock. */
  readonly commandBytesPerSecond: number;
}

/** Bytes of a buffer: the largest is ten times the cache of a large card. */
const SMALLEST = 1 << 20;
const LARGEST = 1 << 29;
const GROWTH = 8;
/** A copy that takes so many milliseconds is long enough. */
const ENOUGH = 10;
/** Copies in a row, whose mean time is one run's: by a kernel, and by command, where the host's part is to be small. */
const COPIES = 4;
const COMMANDS = 16;

type Buffers = readonly [GPUBuffer, GPUBuffer];

const CODE = `@group(0) @binding(0) var<storage, read> original: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> duplicate: array<vec4f>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let i = (group.y * groups.x + group.x) * ${WORKGROUP}u + lane;
  if (i < arrayLength(&duplicate)) { duplicate[i] = original[i]; }
}`;

/** The pipeline of {@link copyLaunch}. */
export function copyPipeline(device: GPUDevice): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label: 'copy', code: CODE });
  return device.createComputePipelineAsync({ label: 'copy', layout: 'auto', compute: { module } });
}

/** One copy of the whole of a buffer to another, both of the same multiple of 16 bytes. */
export function copyLaunch(device: GPUDevice, pipeline: GPUComputePipeline, buffers: Buffers): Launch {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const { size } = buffers[0];
  return { name: 'copy', cost: { words: (2 * size) / 4 }, pipeline, bindings, groups: cover(size / 16) };
}

/** Two buffers, the first of random numbers; undefined where the device has not enough memory. */
async function twoBuffers(device: GPUDevice, size: number): Promise<Buffers | undefined> {
  const usage = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST;
  device.pushErrorScope('out-of-memory');
  const make = (label: string) => device.createBuffer({ label, size, usage });
  const buffers: Buffers = [make('original'), make('duplicate')];
  if (!(await device.popErrorScope())) {
    fillRandomly(device, buffers[0]);
    return buffers;
  }
  for (const buffer of buffers) buffer.destroy();
  return undefined;
}

async function kernelTime(device: GPUDevice, launch: Launch): Promise<number> {
  const times = await timeLaunches(device, new Array<Launch>(COPIES).fill(launch));
  return times.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / COPIES / 1e6;
}

async function commandTime(device: GPUDevice, [original, duplicate]: Buffers): Promise<number> {
  const encoder = device.createCommandEncoder();
  for (let i = 0; i < COMMANDS; i++) encoder.copyBufferToBuffer(original, 0, duplicate, 0, original.size);
  const commands = encoder.finish();
  await device.queue.onSubmittedWorkDone();
  const began = performance.now();
  device.queue.submit([commands]);
  await device.queue.onSubmittedWorkDone();
  return (performance.now() - began) / COMMANDS;
}

/**
 * Copies one buffer to another. They grow to 512 MiB each, until a copy takes 10 ms or the device allows no more: what fits into a cache does
 * not count.
 * @throws OutOfMemoryError where the device has not even 2 MiB
 */
export async function measureCopy(device: GPUDevice): Promise<CopyCeiling> {
  const pipeline = await copyPipeline(device);
  const most = Math.min(LARGEST, device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  let found: CopyCeiling | undefined;
  for (let size = SMALLEST; size <= most && !(found && found.milliseconds >= ENOUGH); size *= GROWTH) {
    const buffers = await twoBuffers(device, size);
    if (!buffers) break;
    try {
      const launch = copyLaunch(device, pipeline, buffers);
      const milliseconds = await bestTime(() => kernelTime(device, launch));
      const command = await bestTime(() => commandTime(device, buffers));
      const bytes = 2 * size;
      const perSecond = (time: number) => (bytes / time) * 1e3;
      found = {
        size,
        bytes,
        milliseconds,
        bytesPerSecond: perSecond(milliseconds),
        commandBytesPerSecond: perSecond(command),
      };
    } finally {
      for (const buffer of buffers) buffer.destroy();
    }
  }
  if (!found) throw new OutOfMemoryError('the device has no 2 MiB to copy in: free some of its memory.');
  return found;
}
