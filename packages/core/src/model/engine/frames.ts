import { NetworkError } from '../network/network-error.js';
import type { FrameBatch } from './engine.js';

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
