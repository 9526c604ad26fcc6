import { corruptFrame, type EngineSpec, elements, type FrameBatch, initialGamma, type Randomness } from '@nem/core';
import type { Room } from '../../system/room.js';

/** Randomness by keys. */
export type NoiseKeys = Extract<Randomness, { noise: unknown }>;

/** Randomness by values. */
export type DrawnRandomness = Exclude<Randomness, NoiseKeys>;

/** A shard whose noisy frames and initial γ are drawn a frame at a time: the same values as an engine would draw of its keys. */
export class DrawnInputs {
  readonly #spec: EngineSpec;
  readonly #pixels: number;
  readonly #batch: FrameBatch;
  readonly #keys: NoiseKeys;
  readonly #corrupted: Float32Array;
  #frames = 0;
  #gamma0: Float32Array | undefined;

  /** @param room for the noisy frames */
  constructor(spec: EngineSpec, batch: FrameBatch, keys: NoiseKeys, room: Pick<Room<Float32Array>, 'take'>) {
    this.#spec = spec;
    this.#pixels = elements(spec.image);
    this.#batch = batch;
    this.#keys = keys;
    this.#corrupted = room.take(this.#steps * this.#row);
  }

  get #steps(): number {
    return this.#spec.objective.stepWeights.length;
  }

  /** Pixels of a frame of all inputs. */
  get #row(): number {
    return this.#batch.batch * this.#pixels;
  }

  /** Draws one more part; false once all are there. */
  advance(): boolean {
    const { noise, components } = this.#spec;
    const { batch, shard } = this.#batch;
    if (this.#frames < this.#steps) {
      const at = this.#frames++ * this.#row;
      const out = this.#corrupted.subarray(at, at + this.#row);
      corruptFrame(noise, this.#keys.noise, this.#batch, this.#pixels, this.#frames - 1, out);
    } else this.#gamma0 ??= initialGamma(this.#keys.gamma, batch, components, this.#pixels, shard?.first);
    return this.#gamma0 === undefined;
  }

  /** The whole shard, what is missing drawn now. */
  finish(): { readonly batch: FrameBatch; readonly randomness: DrawnRandomness } {
    while (this.#gamma0 === undefined) this.advance();
    return { batch: this.#batch, randomness: { corrupted: this.#corrupted, gamma0: this.#gamma0 } };
  }
}
