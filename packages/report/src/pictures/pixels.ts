import { encode } from 'fast-png';
import { toBase64 } from '../base64.js';
import { componentColour, type Rgb } from '../palette.js';

/** An image of bytes: 1 channel (grey) or 3 (red, green, blue) a pixel, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Colour of a pixel whose value is NaN or infinite: a magenta that no component has. */
export const NO_VALUE: Rgb = [255, 0, 255];

/** Colour of pixels that belong to no object. */
export const BACKGROUND: Rgb = [0, 0, 0];

function paint(width: number, height: number, colourOf: (pixel: number) => Rgb): Raster {
  const data = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(colourOf(pixel), 3 * pixel);
  return { width, height, channels: 3, data };
}

const toByte = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));

/**
 * Pixel values as grey: 0 is black, 1 white, what lies outside is clipped. A value that is no finite number is
 * {@link NO_VALUE}.
 */
export function greyRaster(values: Float32Array, width: number, height: number): Raster {
  if (values.every(Number.isFinite)) {
    return { width, height, channels: 1, data: Uint8Array.from(values, toByte) };
  }
  return paint(width, height, (pixel) => {
    const grey = toByte(values[pixel]!);
    return Number.isFinite(values[pixel]) ? [grey, grey, grey] : NO_VALUE;
  });
}

/**
 * Soft assignments as colours: pixel i is Σ_k γ_{k,i} colour_k. Where that is no finite number it is {@link NO_VALUE}.
 * @param gamma [components, pixels]
 * @param brightness what a pixel's colour is multiplied by, from 0 to 1. Default 1
 */
export function gammaRaster(
  gamma: Float32Array,
  components: number,
  width: number,
  height: number,
  brightness: (pixel: number) => number = () => 1,
): Raster {
  const pixels = width * height;
  const colours = Array.from({ length: components }, (_, k) => componentColour(k));
  return paint(width, height, (pixel) => {
    const mix: [number, number, number] = [0, 0, 0];
    colours.forEach((colour, k) => {
      const weight = gamma[k * pixels + pixel]!;
      for (let c = 0; c < 3; c++) mix[c]! += weight * colour[c]!;
    });
    const light = brightness(pixel);
    if (!mix.every((channel) => Number.isFinite(light * channel))) return NO_VALUE;
    return [toByte((light * mix[0]) / 255), toByte((light * mix[1]) / 255), toByte((light * mix[2]) / 255)];
  });
}

/**
 * True groups as colours.
 * @param groups [pixels], 0 is background
 * @param colours the colour of each group, that of group 0 unused
 */
export function groupsRaster(groups: Uint8Array, colours: readonly Rgb[], width: number, height: number): Raster {
  return paint(width, height, (pixel) => (groups[pixel] === 0 ? BACKGROUND : colours[groups[pixel]!]!));
}

/**
 * The raster as a PNG in a data URI. It is not compressed: it has a few hundred pixels, and an overview has hundreds of it, for each
 * of which the compressor would take 100 KiB.
 */
export function pngDataUri({ width, height, channels, data }: Raster): string {
  const png = encode({ width, height, channels, data, depth: 8 }, { zlib: { level: 0 } });
  return `data:image/png;base64,${toBase64(png)}`;
}
