import { NetworkError } from '../network/network-error.js';

/** A batch of sequences. */
export interface FrameBatch {
  /** [frames, batch, pixels]: T + 1 frames, or 1 for still images. */
  readonly frames: Float32Array;
  readonly batch: number;
  /**
   * Where these are some rows of a larger batch, as workers share one: noise, initial γ from keys and what losses are
   * divided by are those of the whole.
   */
  readonly shard?: {
    /** Rows of the whole before these. */
    readonly first: number;
    /** Rows of the whole. */
    readonly of: number;
  };
}

/**
 * Frame `step` of a batch, [batch, pixels]: a view. A still image is every frame.
 * @param pixels of an image
 */
export function frameAt({ frames, batch }: FrameBatch, pixels: number, step: number): Float32Array {
  const row = batch * pixels;
  return frames.length === row ? frames : frames.subarray(step * row, (step + 1) * row);
}

/**
 * Checks a batch's length.
 * @param pixels of an image
 * @throws NetworkError unless it has 1 frame or one more than `steps`
 */
export function requireFrames({ frames, batch }: FrameBatch, pixels: number, steps: number): void {
  const row = batch * pixels;
  if (row > 0 && (frames.length === row || frames.length === (steps + 1) * row)) return;
  throw new NetworkError(
    `a batch of ${batch} has ${frames.length} pixels: give 1 or ${steps + 1} frames of ${pixels} pixels each.`,
  );
}
