import { DatasetError } from './dataset.js';

/** Frames of the longest sequence that may be asked for. */
const MOST_FRAMES = 65_536;

/** @throws DatasetError for a number of objects that is not an integer from 1 to 255 */
export function requireObjects(objects: number): void {
  if (!Number.isInteger(objects) || objects < 1 || objects > 255) {
    throw new DatasetError(`the number of objects is ${objects}: give an integer from 1 to 255.`);
  }
}

/** @throws DatasetError for a number of frames that is not an integer from 1 to 65,536 */
export function requireFrames(frames: number): void {
  if (!Number.isInteger(frames) || frames < 1 || frames > MOST_FRAMES) {
    throw new DatasetError(`the number of frames is ${frames}: give an integer from 1 to ${MOST_FRAMES}.`);
  }
}

/**
 * @param what the thing that must fit, e.g. 'a shape'
 * @throws DatasetError for an image that is smaller than that thing
 */
export function requireImage(height: number, width: number, what: string, tallest: number, widest: number): void {
  const fits = (pixels: number, least: number) => Number.isInteger(pixels) && pixels >= least && pixels <= 4096;
  if (!fits(height, tallest) || !fits(width, widest)) {
    throw new DatasetError(
      `the image is ${height}×${width}: ${what} needs at least ${tallest}×${widest} pixels, and 4096×4096 is the largest.`,
    );
  }
}
