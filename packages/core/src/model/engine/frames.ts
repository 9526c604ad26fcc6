import { isFloat32Array } from '../float32-array.js';
import { NetworkError } from '../network/network-error.js';
import { shownOrMissing } from '../shown.js';
import { InputError } from './input-error.js';

/** A batch of sequences. */
export interface FrameBatch {
  /** [frames, batch, pixels]: T + 1 frames, or 1 for still images; values from 0 to 1. */
  readonly frames: Float32Array;
  readonly batch: number;
  /**
   * Where these are some rows of a larger batch, as workers share one: noise, initial γ from keys and what losses are
   * divided by are those of the whole.
   */
  readonly shard?: {
    /** Rows of the whole before these; at least 0. */
    readonly first: number;
    /** Rows of the whole; at least `first` and these together. */
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
 * Checks what a batch is and its length.
 * @param pixels of an image
 * @throws InputError unless it is an object with a Float32Array of frames and a number of sequences, and its shard lies within
 *   the whole
 * @throws NetworkError unless it has 1 frame or one more than `steps`
 */
export function requireFrames(whole: FrameBatch, pixels: number, steps: number): void {
  if (typeof whole !== 'object' || whole === null) {
    throw new InputError(`the batch is ${shownOrMissing(whole)}: give an object with frames and batch.`);
  }
  const { frames, batch, shard } = whole;
  if (!isFloat32Array(frames)) {
    throw new InputError(`the frames are ${shownOrMissing(frames)}: give a Float32Array of [frames, batch, pixels].`);
  }
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new InputError(`the batch's number of sequences is ${shownOrMissing(batch)}: give an integer of at least 1.`);
  }
  if (shard !== undefined) requireShard(shard, batch);
  const row = batch * pixels;
  if (frames.length === row || frames.length === (steps + 1) * row) return;
  throw new NetworkError(
    `a batch of ${batch} has ${frames.length} pixels: give 1 or ${steps + 1} frames of ${batch} × ${pixels} pixels.`,
  );
}

function requireShard(shard: unknown, batch: number): void {
  const { first, of } = (shard ?? {}) as Readonly<Record<string, unknown>>;
  const isRow = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (isRow(first) && isRow(of) && first + batch <= of) return;
  throw new InputError(
    `the batch's shard has first ${shownOrMissing(first)} and of ${shownOrMissing(of)}: give integers with 0 ≤ first and first + ${batch} ≤ of.`,
  );
}

/** 1 as bits. Of the floats from 0 to 1 and of no others, the bits as a signed integer are from 0 to this. (−0 is apart.) */
const ONE = 0x3f800000;

/** Has its sign bit set where `bits` are not those of a float from 0 to 1. */
const beyond = (bits: number) => (ONE - bits) | bits;

/** Whether all floats are from 0 to 1, except that −0 counts as below 0. Four at a time, and to the end, is fastest. */
function areWithin(bits: Int32Array): boolean {
  let wrong = 0;
  let i = 0;
  for (; i + 4 <= bits.length; i += 4) {
    const [a, b, c, d] = [bits[i], bits[i + 1], bits[i + 2], bits[i + 3]] as [number, number, number, number];
    wrong |= beyond(a) | beyond(b) | beyond(c) | beyond(d);
  }
  for (; i < bits.length; i++) wrong |= beyond(bits[i] as number);
  return wrong >= 0;
}

/**
 * Checks a batch's values, at about a nanosecond a pixel.
 * @throws InputError for a pixel that is NaN or not in [0, 1]
 */
export function requirePixels({ frames }: FrameBatch): void {
  if (areWithin(new Int32Array(frames.buffer, frames.byteOffset, frames.length))) return;
  const index = frames.findIndex((pixel) => !(pixel >= 0 && pixel <= 1));
  if (index < 0) return;
  throw new InputError(
    `the frames have the pixel ${frames[index]} at index ${index}: give values from 0 to 1, e.g. bytes divided by 255.`,
  );
}
