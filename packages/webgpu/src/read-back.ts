import { OutOfMemoryError } from './errors.js';
import { BUFFER_USAGE } from './plan/buffers.js';
import type { Storage } from './plan/builder.js';
import { scoped } from './plan/scoped.js';

/** Part of a buffer to read back, in elements. */
export interface Region {
  readonly storage: Storage;
  readonly start: number;
  readonly length: number;
}

/** The values of each region. */
export type Values<Regions extends readonly Region[]> = { -readonly [i in keyof Regions]: Float32Array };

/** A staging buffer of at most this many bytes is kept for the next time. */
const MOST_KEPT = 1 << 16;
const READ = 1;

/** Submits commands and reads parts of buffers as the commands leave them. */
export class ReadBack {
  readonly #device: GPUDevice;
  readonly #free: GPUBuffer[] = [];
  #isDestroyed = false;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @throws OutOfMemoryError if the copies do not fit the device's memory */
  async submit<const Regions extends readonly Region[]>(
    encoder: GPUCommandEncoder,
    regions: Regions,
    bufferOf: (storage: Storage) => GPUBuffer,
  ): Promise<Values<Regions>> {
    const size = 4 * regions.reduce((sum, { length }) => sum + length, 0);
    const { staging, memory } = this.#take(size);
    let at = 0;
    for (const { storage, start, length } of regions) {
      encoder.copyBufferToBuffer(bufferOf(storage), start * 4, staging, at, length * 4);
      at += length * 4;
    }
    this.#device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(READ, 0, size);
      const values = new Float32Array(staging.getMappedRange(0, size).slice(0));
      this.#give(staging);
      at = 0;
      return regions.map(({ length }) => {
        at += length;
        return values.subarray(at - length, at);
      }) as Values<Regions>;
    } catch (error) {
      staging.destroy();
      if (await memory) throw new OutOfMemoryError(`the device has no ${size} bytes for results: lower the batch.`);
      throw error;
    }
  }

  /** Frees the staging buffers; one that is in use is freed when its values have been read. */
  destroy(): void {
    this.#isDestroyed = true;
    for (const buffer of this.#free.splice(0)) buffer.destroy();
  }

  #take(size: number): { staging: GPUBuffer; memory?: Promise<GPUError | null> } {
    const index = this.#free.findIndex((buffer) => buffer.size >= size);
    const [free] = index < 0 ? [] : this.#free.splice(index, 1);
    if (free) return { staging: free };
    const usage = BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST;
    const { made: staging, error: memory } = scoped(this.#device, 'out-of-memory', () =>
      this.#device.createBuffer({ label: 'read back', size, usage }),
    );
    return { staging, memory };
  }

  #give(staging: GPUBuffer): void {
    if (this.#isDestroyed || staging.size > MOST_KEPT) {
      staging.destroy();
      return;
    }
    staging.unmap();
    this.#free.push(staging);
  }
}
