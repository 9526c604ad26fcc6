import { corruptFrame, initialGamma, type NoiseSpec } from '@nem/core';
import { deriveKey, type Key } from '@nem/random';
import type { Unrolled, Unroller } from './engines/unroller.js';
import type { PreparedFrames } from './frames.js';

/** Images that are computed at a time: what bounds the memory of a large batch. */
const CHUNK = 64;

/** Keys of everything random of a grouping. */
export const keysOf = (seed: number): { readonly gamma: Key; readonly noise: Key } => ({
  gamma: deriveKey(seed, 'group/gamma'),
  noise: deriveKey(seed, 'group/noise'),
});

/** What is asked for. */
interface GroupJob extends PreparedFrames {
  readonly pixels: number;
  readonly components: number;
  readonly steps: number;
  readonly seed: number;
  readonly noise: NoiseSpec;
  readonly keep: 'last' | 'all';
}

/** Rows `first` to `first + size` of every frame. */
function rowsOf({ frames, count, batch, pixels }: GroupJob, first: number, size: number): Float32Array {
  if (size === batch) return frames;
  const part = new Float32Array(count * size * pixels);
  for (let t = 0; t < count; t++) {
    const from = (t * batch + first) * pixels;
    part.set(frames.subarray(from, from + size * pixels), t * size * pixels);
  }
  return part;
}

/** Noisy frames of some rows, as the whole batch has them. */
function noisy(job: GroupJob, frames: Float32Array, first: number, size: number): Float32Array {
  const { steps, pixels, noise, seed, batch } = job;
  const corrupted = new Float32Array(steps * size * pixels);
  const part = { frames, batch: size, shard: { first, of: batch } };
  for (let t = 0; t < steps; t++) {
    const out = corrupted.subarray(t * size * pixels, (t + 1) * size * pixels);
    corruptFrame(noise, keysOf(seed).noise, part, pixels, t, out);
  }
  return corrupted;
}

/** Puts [steps, size, …] into rows `first` to `first + size` of [steps, batch, …]. */
function place(
  part: Float32Array,
  whole: Float32Array,
  kept: number,
  first: number,
  size: number,
  batch: number,
): void {
  const row = part.length / (kept * size);
  for (let t = 0; t < kept; t++) {
    whole.set(part.subarray(t * size * row, (t + 1) * size * row), (t * batch + first) * row);
  }
}

/** Groups a batch some images at a time; each has the initial γ and the noise that it has in the whole batch. */
export async function groupBatch(unroller: Unroller, job: GroupJob, hiddenSize: number): Promise<Unrolled> {
  const { batch, steps, pixels, components, keep, seed } = job;
  const kept = keep === 'all' ? steps : 1;
  const room = (size: number) => new Float32Array(kept * batch * components * size);
  const whole = { gamma: room(pixels), predictions: room(pixels), hidden: room(hiddenSize) };
  for (let first = 0; first < batch; first += CHUNK) {
    const size = Math.min(CHUNK, batch - first);
    const frames = rowsOf(job, first, size);
    const corrupted = noisy(job, frames, first, size);
    const gamma0 = initialGamma(keysOf(seed).gamma, size, components, pixels, first);
    const part = await unroller.unroll({ components, steps, batch: size, frames, corrupted, gamma0, keep });
    for (const name of ['gamma', 'predictions', 'hidden'] as const) {
      place(part[name], whole[name], kept, first, size, batch);
    }
  }
  return whole;
}
