import { bernoulliThreshold, fillNormal, fillUint32, foldIn, type Key } from '@nem/random';
import { type FrameBatch, frameAt } from './engine/frames.js';
import { shown } from './shown.js';
import { alternatives } from './spec-check.js';

/** Names of all kinds of noise. */
export const noiseTypes = ['none', 'bitFlip', 'maskedUniform'] as const;

/** Noise on the input only (method, section 5). */
export interface NoiseSpec {
  /** `bitFlip`: a pixel x becomes 1 − x; `maskedUniform`: it becomes a draw from U(0, 1). */
  readonly type: (typeof noiseTypes)[number];
  /** Probability for each pixel, in [0, 1]. Default 0. */
  readonly probability?: number;
}

/**
 * Noisy copy of `clean` in `out`, both of the same length.
 * @param offset position of the first pixel in the key's sequence
 * @throws RangeError for an unknown kind of noise or a probability that is none
 */
export function corrupt(spec: NoiseSpec, key: Key, clean: Float32Array, out: Float32Array, offset = 0): void {
  if (!noiseTypes.includes(spec.type)) {
    throw new RangeError(`unknown noise ${shown(spec.type)}: use ${alternatives(noiseTypes)}.`);
  }
  out.set(clean);
  if (spec.type === 'none') return;
  const threshold = bernoulliThreshold(spec.probability ?? 0);
  const words = fillUint32(foldIn(key, 0), new Uint32Array(clean.length), offset);
  if (spec.type === 'bitFlip') flipBits(words, threshold, out);
  else replaceMasked(words, threshold, fillUint32(foldIn(key, 1), new Uint32Array(clean.length), offset), out);
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

// A loop for each kind: a choice inside one loop was slower.

function flipBits(words: Uint32Array, threshold: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) if (words[i]! < threshold) out[i] = 1 - out[i]!;
}

function replaceMasked(words: Uint32Array, threshold: number, draws: Uint32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) if (words[i]! < threshold) out[i] = (draws[i]! >>> 8) / 0x1000000;
}

/**
 * Initial assignment: |N(0, 1)| for each component and pixel, normalised over the components (method, section 1).
 * @param first inputs of the whole batch before these. Default 0
 */
export function initialGamma(key: Key, batch: number, components: number, pixels: number, first = 0): Float32Array {
  const gamma = fillNormal(key, new Float32Array(batch * components * pixels), first * components * pixels);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < pixels; i++) {
      let sum = 0;
      for (let k = 0; k < components; k++) sum += Math.abs(gamma[(b * components + k) * pixels + i]!);
      for (let k = 0; k < components; k++) {
        const at = (b * components + k) * pixels + i;
        gamma[at] = components === 1 ? 1 : Math.abs(gamma[at]!) / sum;
      }
    }
  }
  return gamma;
}
