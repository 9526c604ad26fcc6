import { bernoulliThreshold, fillFlipped, fillNormal, fillUint32, foldIn, type Key } from '@nem/random';
import { type FrameBatch, frameAt } from './engine/frames.js';
import { isFloat32Array } from './float32-array.js';
import { shown } from './shown.js';
import { alternatives, kind, object, optional, probability } from './spec-check.js';

/** Names of all kinds of noise. */
export const noiseTypes = ['none', 'bitFlip', 'maskedUniform'] as const;

/** Noise on the input only (method, section 5). */
export interface NoiseSpec {
  /** `bitFlip`: a pixel x becomes 1 − x; `maskedUniform`: it becomes a draw from U(0, 1). */
  readonly type: (typeof noiseTypes)[number];
  /** Probability for each pixel, in [0, 1]. Default 0. */
  readonly probability?: number;
}

/** Noise in a specification. */
export const noise = object({
  type: kind(`use ${alternatives(noiseTypes)}.`, (value) => noiseTypes.some((known) => known === value)),
  probability: optional(probability),
});

/**
 * Noisy copy of `clean` in `out`, both of the same length.
 * @param clean pixels from 0 to 1, of any shape
 * @param out may be `clean`
 * @param offset position of the first pixel in the key's sequence. Default 0
 * @throws RangeError for an unknown kind of noise, a probability outside [0, 1], and arrays that are not Float32Arrays of one
 *   length
 */
export function corrupt(spec: NoiseSpec, key: Key, clean: Float32Array, out: Float32Array, offset = 0): void {
  if (!noiseTypes.includes(spec.type)) {
    throw new RangeError(`unknown noise ${shown(spec.type)}: use ${alternatives(noiseTypes)}.`);
  }
  for (const pixels of [clean, out]) {
    if (!isFloat32Array(pixels)) throw new RangeError(`pixels to corrupt are ${shown(pixels)}: give a Float32Array.`);
  }
  if (clean.length !== out.length) {
    throw new RangeError(`there are ${clean.length} pixels to corrupt into ${out.length}: give arrays of one length.`);
  }
  const { probability = 0 } = spec;
  if (spec.type === 'bitFlip') {
    fillFlipped(foldIn(key, 0), out, clean, probability, offset);
    return;
  }
  out.set(clean);
  if (spec.type === 'none') return;
  const threshold = bernoulliThreshold(probability);
  const words = fillUint32(foldIn(key, 0), new Uint32Array(clean.length), offset);
  const draws = fillUint32(foldIn(key, 1), new Uint32Array(clean.length), offset);
  for (let i = 0; i < out.length; i++) if (words[i]! < threshold) out[i] = (draws[i]! >>> 8) / 0x1000000;
}

/**
 * Noisy frame `step` of a batch, [batch, pixels], in `out`. Of a shard, the whole batch's frame has the same noise in these rows.
 * @param pixels of an image
 */
export function corruptFrame(
  spec: NoiseSpec,
  key: Key,
  batch: FrameBatch,
  pixels: number,
  step: number,
  out: Float32Array,
): void {
  const { shard = { first: 0, of: batch.batch } } = batch;
  corrupt(spec, key, frameAt(batch, pixels, step), out, (step * shard.of + shard.first) * pixels);
}

/**
 * Initial assignment: |N(0, 1)| for each component and pixel, normalised over the components (method, section 1). With one
 * component it is 1 everywhere.
 * @param batch number of inputs
 * @param components K
 * @param pixels of an image
 * @param first inputs of the whole batch before these. Default 0
 * @returns γ, [batch, components, pixels]
 */
export function initialGamma(key: Key, batch: number, components: number, pixels: number, first = 0): Float32Array {
  const gamma = fillNormal(key, new Float32Array(batch * components * pixels), first * components * pixels);
  const sums = new Float64Array(pixels);
  for (let at = 0; at < gamma.length; at += components * pixels) {
    sums.fill(0);
    for (let k = 0; k < components; k++) {
      const row = at + k * pixels;
      for (let i = 0; i < pixels; i++) sums[i]! += Math.abs(gamma[row + i]!);
    }
    for (let k = 0; k < components; k++) {
      const row = at + k * pixels;
      for (let i = 0; i < pixels; i++) gamma[row + i] = components === 1 ? 1 : Math.abs(gamma[row + i]!) / sums[i]!;
    }
  }
  return gamma;
}
