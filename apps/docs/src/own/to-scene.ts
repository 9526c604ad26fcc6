import { type FitOptions, fitPicture, isDarkOnBright, otsuThreshold, type Picture } from '@nem/models';
import type { Scene } from '../live/scene.js';

/** How a picture becomes what the networks know: white outlines on black. */
export interface Reading {
  /** Dark on light: shapes are what is darker than the background. */
  readonly inverted: boolean;
  /** From 0 to 1: what stands out more from the background counts as lit. */
  readonly threshold: number;
}

/** A picture as pixels of a square, from 0 (background) to 1 or, with a threshold, of zeros and ones. */
function fitted(picture: Picture, side: number, invert: boolean, threshold: number | false): Float32Array {
  const options: FitOptions = { fit: 'pad', invert, threshold };
  return fitPicture(picture, { height: side, width: side, binary: true }, options);
}

/** The threshold that parts a picture best. */
export const bestThreshold = (picture: Picture, side: number, inverted: boolean): number =>
  otsuThreshold(fitted(picture, side, inverted, false));

/** How a picture is read where nobody has said how. */
export function bestReading(picture: Picture, side: number): Reading {
  const inverted = isDarkOnBright(picture);
  return { inverted, threshold: bestThreshold(picture, side, inverted) };
}

/** Pictures as frames [side, side] that the networks read, without true groups. */
export function toScene(pictures: readonly Picture[], side: number, { inverted, threshold }: Reading): Scene {
  const frames = new Float32Array(pictures.length * side * side);
  for (const [f, picture] of pictures.entries()) {
    frames.set(fitted(picture, side, inverted, threshold), f * side * side);
  }
  return { height: side, width: side, frames, groups: new Uint8Array(frames.length) };
}
