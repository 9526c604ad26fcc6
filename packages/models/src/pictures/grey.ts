import { ModelError } from '../model-error.js';
import { type Picture, whiteOf } from './picture.js';

/** What each channel adds to the luminance (ITU-R BT.709), on the values as they are stored. */
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;

/**
 * A picture as grey values from 0 to 1, row by row; what is transparent is black.
 * @throws ModelError for values that are not 1 to 4 a pixel, or numbers of colours
 */
export function toGrey(picture: Picture): Float32Array {
  const { width, height, data, palette } = picture;
  if (palette) {
    throw new ModelError(
      'the picture has a palette: give its colours, e.g. those that convertIndexedToRgb of fast-png looks up.',
    );
  }
  const white = whiteOf(picture);
  const pixels = width * height;
  const channels = data.length / pixels;
  if (![1, 2, 3, 4].includes(channels)) {
    throw new ModelError(
      `the picture of ${height}×${width} pixels has ${data.length} values: give 1 (grey), 2, 3 (RGB) or 4 (RGBA) a pixel.`,
    );
  }
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0;
  return Float32Array.from({ length: pixels }, (_, i) => {
    const at = i * channels;
    const grey = isGrey ? data[at]! : LUMINANCE.reduce((sum, weight, c) => sum + weight * data[at + c]!, 0);
    const alpha = hasAlpha ? data[at + channels - 1]! / white : 1;
    return Math.min(1, (grey / white) * alpha);
  });
}
