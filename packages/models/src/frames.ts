import { requirePixels } from '@nem/core';
import { ModelError } from './model-error.js';
import { toGrey } from './pictures/grey.js';
import { isPicture, type Picture } from './pictures/picture.js';
import { binarize } from './pictures/threshold.js';

/**
 * Pixels of one or more images, row by row: bytes from 0 to 255, numbers from 0 to 1, or a picture such as the `ImageData` of a
 * canvas, which is made grey and, for a network of binary pixels, black and white.
 */
export type Frame = Uint8Array | Uint8ClampedArray | Float32Array | Picture;

/** One array of all frames, [frames, batch, height, width], or a list of arrays that make it up in this order. */
export type Frames = Frame | readonly Frame[];

/** How frames are interpreted. */
export interface FrameLayout {
  /** [height, width] in pixels. */
  readonly image: readonly [number, number];
  /** Whether pixels are 0 or 1. */
  readonly binary: boolean;
  /** Whether several images are a batch where nothing else is said; else they are frames of one sequence. */
  readonly still: boolean;
}

/** Frames as engines take them. */
export interface PreparedFrames {
  /** [count, batch, pixels], from 0 to 1; no array of the caller's. */
  readonly frames: Float32Array;
  /** Frames of a sequence; 1 of still images. */
  readonly count: number;
  readonly batch: number;
}

const listOf = (frames: Frames): readonly Frame[] =>
  Array.isArray(frames) ? (frames as readonly Frame[]) : [frames as Frame];

const isBytes = (frame: Frame): frame is Uint8Array | Uint8ClampedArray =>
  frame instanceof Uint8Array || frame instanceof Uint8ClampedArray;

/**
 * Looks at all frames together: one of many may be dark.
 * @throws ModelError for bytes of 0 and 1 alone, which were meant as such but would be nearly black
 */
export function requireByteRange(frames: Frames): void {
  let most = 0;
  for (const bytes of listOf(frames).filter(isBytes)) for (const byte of bytes) most = Math.max(most, byte);
  if (most !== 1) return;
  throw new ModelError(
    'the bytes of the frames are 0 and 1 only: give bytes from 0 to 255, or a Float32Array from 0 to 1.',
  );
}

function fromPicture(picture: Picture, { image: [height, width], binary }: FrameLayout): Float32Array {
  if (picture.width !== width || picture.height !== height) {
    throw new ModelError(
      `the picture is ${picture.height}×${picture.width}: this network reads ${height}×${width}, which fitPicture makes of any.`,
    );
  }
  const grey = toGrey(picture);
  return binary ? binarize(grey, 0.5) : grey;
}

/** The pixels of one frame or several as numbers from 0 to 1. */
function numbersOf(frame: Frame, layout: FrameLayout): Float32Array {
  if (frame instanceof Float32Array) {
    requirePixels({ frames: frame, batch: 1 });
    return frame;
  }
  if (isBytes(frame)) return Float32Array.from(frame, (byte) => byte / 255);
  if (isPicture(frame)) return fromPicture(frame, layout);
  const found = frame === undefined ? 'missing' : Array.isArray(frame) ? 'a list' : `a value of type ${typeof frame}`;
  throw new ModelError(`a frame is ${found}: give a Uint8Array, a Float32Array or an ImageData.`);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Frames in the layout that engines take.
 * @param batch sequences side by side. Default: as many as there are images where the network was trained on still images, else 1
 * @throws ModelError for frames of another size or type; InputError for a pixel that is not from 0 to 1
 */
export function prepareFrames(frames: Frames, layout: FrameLayout, batch?: number): PreparedFrames {
  const list = listOf(frames);
  const joined = concatenate(list.map((frame) => numbersOf(frame, layout)));
  // The caller may use its array again while an engine computes.
  const all = list.includes(joined) ? joined.slice() : joined;
  const [height, width] = layout.image;
  const images = all.length / (height * width);
  if (!Number.isInteger(images) || images === 0) {
    throw new ModelError(
      `the frames have ${all.length} pixels: give whole images of ${height}×${width}, which are ${height * width} pixels each.`,
    );
  }
  const side = batch ?? (layout.still ? images : 1);
  if (!Number.isSafeInteger(side) || side < 1 || images % side !== 0) {
    throw new ModelError(
      `the batch is ${String(batch)} where there are ${images} images: give a number that divides them.`,
    );
  }
  return { frames: all, batch: side, count: images / side };
}
