import { OutOfMemoryError } from '../errors.js';
import { PlanBuilder, type Storage, type View } from '../plan/builder.js';
import { cover, elementwise, type Kernel, VECTOR } from '../plan/kernel.js';
import { Pipelines } from '../plan/pipelines.js';
import { Program } from '../plan/program.js';
import { bestTime } from './best-time.js';
import { fillRandomly } from './random-buffer.js';

/** How fast a device copies one buffer to another. */
export interface CopyCeiling {
  /** Bytes of each of the two buffers. */
  readonly size: number;
  /** Bytes that a copy reads and writes: twice `size`. */
  readonly bytes: number;
  /** Milliseconds of a copy by a kernel, in vectors of 16 bytes, by the device's clock. */
  readonly milliseconds: number;
  readonly bytesPerSecond: number;
  /** Bytes a second of the device's own command for it, `copyBufferToBuffer`, by the host's clock. */
  readonly commandBytesPerSecond: number;
}

/** Bytes of a buffer: the largest is ten times the cache of a large card. */
const SMALLEST = 1 << 20;
const LARGEST = 1 << 29;
const GROWTH = 8;
/** Milliseconds of a copy that are long enough to measure. */
const ENOUGH = 10;
/** Copies in a row; a run's time is their mean. There are more commands than kernels, so that the host's part of the time is small. */
const KERNELS = 4;
const COMMANDS = 16;

/** out[i] = x[i] for i < 4 `vectors`, four elements at a time. */
function copyVectors(vectors: number): Kernel<'x' | 'out'> {
  return elementwise({
    name: 'copy',
    bindings: { x: 'read vec4', out: 'read_write vec4' },
    count: vectors,
    words: 2 * VECTOR * vectors,
    body: `  set_out4(${VECTOR}u * i, x4(${VECTOR}u * i));`,
  });
}

/** Two buffers on a device, and launches that copy the first to the second. */
interface Copies {
  readonly program: Program;
  readonly original: Storage;
  readonly duplicate: Storage;
}

/**
 * Makes two buffers and `launches` launches in a row, each of which copies the whole of the first buffer, random numbers, to the second.
 * @param size bytes of each buffer, a multiple of 16
 * @throws ShaderError, OutOfMemoryError
 */
export async function makeCopies(device: GPUDevice, size: number, launches: number): Promise<Copies> {
  const builder = new PlanBuilder();
  const [original, duplicate] = [builder.storage('original', size / 4), builder.storage('duplicate', size / 4)];
  const whole = (storage: Storage): View => ({ storage, offset: 0 });
  const vectors = size / 4 / VECTOR;
  const kernel = copyVectors(vectors);
  for (let i = 0; i < launches; i++) {
    builder.dispatch(kernel, { x: whole(original), out: whole(duplicate) }, { groups: cover(vectors) });
  }
  const program = await Program.create(device, builder, new Map(), Pipelines.of(device, false));
  fillRandomly(device, program.buffer(original));
  return { program, original, duplicate };
}

/** Milliseconds of one copy by a kernel. */
async function kernelTime({ program }: Copies): Promise<number> {
  const kernels = await program.profile(['forward']);
  return kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / KERNELS;
}

/** Milliseconds of one `copyBufferToBuffer`. */
async function commandTime(device: GPUDevice, { program, original, duplicate }: Copies): Promise<number> {
  const encoder = device.createCommandEncoder();
  const [from, to] = [program.buffer(original), program.buffer(duplicate)];
  for (let i = 0; i < COMMANDS; i++) encoder.copyBufferToBuffer(from, 0, to, 0, from.size);
  const commands = encoder.finish();
  await device.queue.onSubmittedWorkDone();
  const began = performance.now();
  device.queue.submit([commands]);
  await device.queue.onSubmittedWorkDone();
  return (performance.now() - began) / COMMANDS;
}

/** Copies by kernel and by command, of buffers of `size` bytes; undefined where the device has not enough memory for them. */
async function measureSize(device: GPUDevice, size: number): Promise<CopyCeiling | undefined> {
  const copies = await makeCopies(device, size, KERNELS).catch((error: unknown) => {
    if (error instanceof OutOfMemoryError) return undefined;
    throw error;
  });
  if (!copies) return undefined;
  try {
    const milliseconds = await bestTime(() => kernelTime(copies));
    const commandMilliseconds = await bestTime(() => commandTime(device, copies));
    const bytes = 2 * size;
    return {
      size,
      bytes,
      milliseconds,
      bytesPerSecond: (bytes / milliseconds) * 1e3,
      commandBytesPerSecond: (bytes / commandMilliseconds) * 1e3,
    };
  } finally {
    copies.program.destroy();
  }
}

/**
 * Copies one buffer to another. The buffers grow to 512 MiB each, until a copy takes 10 ms or the device allows no more: copies of what
 * fits into a cache would seem too fast.
 * @throws OutOfMemoryError where the device has not even 2 MiB
 */
export async function measureCopy(device: GPUDevice): Promise<CopyCeiling> {
  const most = Math.min(LARGEST, device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  let found: CopyCeiling | undefined;
  for (let size = SMALLEST; size <= most && !(found && found.milliseconds >= ENOUGH); size *= GROWTH) {
    const larger = await measureSize(device, size);
    if (!larger) break;
    found = larger;
  }
  if (!found) throw new OutOfMemoryError('the device has no 2 MiB to copy in: free some of its memory.');
  return found;
}
