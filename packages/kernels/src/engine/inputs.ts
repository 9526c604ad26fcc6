import { corruptFrame, type EngineSpec, type FrameBatch, frameAt, initialGamma, type Randomness } from '@nem/core';

/** A batch with its randomness, as arrays are filled from it. */
export interface Inputs {
  readonly spec: EngineSpec;
  readonly batch: FrameBatch;
  readonly randomness: Randomness;
  readonly pixels: number;
}

/** Writes the clean frame `step` to `out`, [batch, pixels]. */
export function writeClean({ batch, pixels }: Inputs, step: number, out: Float32Array): void {
  out.set(frameAt(batch, pixels, step));
}

/** Writes the noisy frame `step` to `out`, [batch, pixels]. */
export function writeNoisy({ spec, batch, randomness, pixels }: Inputs, step: number, out: Float32Array): void {
  if ('corrupted' in randomness) {
    out.set(randomness.corrupted.subarray(step * out.length, (step + 1) * out.length));
  } else {
    corruptFrame(spec.noise, randomness.noise, batch, pixels, step, out);
  }
}

/** Writes γ before the first step to `out`, [batch, components, pixels]. */
export function writeGamma({ spec, batch, randomness, pixels }: Inputs, out: Float32Array): void {
  const drawn =
    'gamma0' in randomness
      ? randomness.gamma0
      : initialGamma(randomness.gamma, batch.batch, spec.components, pixels, batch.shard?.first);
  out.set(drawn);
}
