import { type AdamOptions, adamRates, elements, type NamedArrays, type NetworkShape, type Randomness } from '@nem/core';
import { foldIn } from '@nem/random';
import { LEVELS } from './frames.js';
import { RUN_NUMBERS } from './kernels/random.js';
import { type EngineStorages, parameterOffsets } from './lower/context.js';
import { BUFFER_USAGE, bufferBytes } from './plan/buffers.js';
import type { Storage } from './plan/builder.js';
import { requireParameterLimits } from './plan/limits.js';
import { required } from './required.js';

/** The buffers that all plans of an engine share: parameters, gradients, Adam's state and a run's numbers. */
export class EngineState {
  readonly storages: EngineStorages;
  readonly buffers: ReadonlyMap<Storage, GPUBuffer>;
  /** Updates done so far. */
  updates = 0;
  readonly #device: GPUDevice;
  readonly #shape: NetworkShape;
  readonly #offsets: ReturnType<typeof parameterOffsets>;

  /** @throws PlanError where the parameters do not fit the device's limits */
  constructor(device: GPUDevice, shape: NetworkShape) {
    this.#device = device;
    this.#shape = shape;
    this.#offsets = parameterOffsets(shape.parameters);
    const storage = (label: string, count: number) => ({ label, elements: count });
    const { total } = this.#offsets;
    this.storages = {
      parameters: storage('parameters', total),
      gradients: storage('gradients', total),
      m: storage('first moments', total),
      v: storage('second moments', total),
      numbers: storage('run numbers', RUN_NUMBERS.length),
      levels: storage('levels', LEVELS.length),
    };
    const all = Object.values(this.storages);
    requireParameterLimits(all, device.limits);
    const usage = BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST;
    this.buffers = new Map(
      all.map((shared) => [
        shared,
        device.createBuffer({ label: shared.label, size: bufferBytes(shared.elements), usage }),
      ]),
    );
  }

  /** Uploads what never changes, and the parameters' initial values. */
  start(parameters: NamedArrays): void {
    this.#device.queue.writeBuffer(this.buffer(this.storages.levels), 0, LEVELS);
    this.write(this.storages.parameters, parameters);
  }

  buffer(storage: Storage): GPUBuffer {
    return required(this.buffers, storage);
  }

  write(storage: Storage, arrays: NamedArrays): void {
    const given = new Map(Object.entries(arrays));
    const flat = new Float32Array(this.#offsets.total);
    for (const [name, at] of this.#offsets.at) flat.set(required(given, name).values, at);
    this.#device.queue.writeBuffer(this.buffer(storage), 0, flat);
  }

  /** The parameters' arrays, by name, from a flat one. */
  named(flat: Float32Array): NamedArrays {
    return Object.fromEntries(
      this.#shape.parameters.map(({ name, shape }) => {
        const at = required(this.#offsets.at, name);
        return [name, { shape, values: flat.slice(at, at + elements(shape)) }];
      }),
    );
  }

  /** Uploads a run's numbers. @param adam the optimizer's options, if the run ends with an update */
  writeNumbers(randomness: Randomness, adam?: { readonly options: AdamOptions | undefined }): void {
    const numbers = new Uint32Array(RUN_NUMBERS.length);
    if ('noise' in randomness) {
      numbers.set([...foldIn(randomness.noise, 0), ...foldIn(randomness.noise, 1), ...randomness.gamma]);
    }
    if (adam) {
      this.updates++;
      const { rate, correction } = adamRates(this.updates, adam.options);
      numbers.set(new Uint32Array(Float32Array.of(rate, correction).buffer), RUN_NUMBERS.adam);
    }
    this.#device.queue.writeBuffer(this.buffer(this.storages.numbers), 0, numbers);
  }

  destroy(): void {
    for (const buffer of this.buffers.values()) buffer.destroy();
  }
}
