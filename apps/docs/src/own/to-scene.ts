import { fitPicture, type Picture } from '@nem/models';
import type { Scene } from '../live/scene.js';

/**
 * Pictures as the networks' images [side, side] before it is said which pixels are lit: from 0 (background) to 1, in even light.
 * @param inverted dark on light: shapes are what is darker than the background
 */
export function toOutlines(pictures: readonly Picture[], side: number, inverted: boolean): readonly Float32Array[] {
  const target = { height: side, width: side, binary: true };
  return pictures.map((picture) => fitPicture(picture, target, { fit: 'pad', invert: inverted, threshold: false }));
}

/**
 * Outlines as frames that the networks read, white on black, without true groups.
 * @param threshold from 0 to 1: what is brighter counts as lit
 */
export function toScene(outlines: readonly Float32Array[], side: number, threshold: number): Scene {
  const frames = new Float32Array(outlines.length * side * side);
  for (const [f, outline] of outlines.entries()) {
    for (const [i, value] of outline.entries()) frames[f * side * side + i] = value > threshold ? 1 : 0;
  }
  return { height: side, width: side, frames, groups: new Uint8Array(frames.length) };
}
