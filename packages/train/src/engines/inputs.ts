import type { FrameBatch, Randomness } from '@nem/core';
import type { Samples } from '@nem/datasets';
import { deriveKey } from '@nem/random';

/** The frames of `samples` for an engine: they have the layout that it takes. */
export const toBatch = ({ features, count }: Samples): FrameBatch => ({ frames: features, batch: count });

/**
 * Keys of the noise and of the initial γ for one batch.
 * @param purpose what the batch is for, e.g. `training`: other purposes give other noise
 * @param index of the batch: the number of the update, or of the batch in an evaluation
 */
export const randomness = (seed: number, purpose: string, index: number): Randomness => ({
  noise: deriveKey(seed, `${purpose}/noise`, index),
  gamma: deriveKey(seed, `${purpose}/gamma`, index),
});
