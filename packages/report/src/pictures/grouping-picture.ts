import { encode } from 'fast-png';
import { ReportError } from '../report-error.js';
import { type RequiredField, requireFields } from '../require-fields.js';
import { applyPalette, FRAME_MILLISECONDS, GIFEncoder, quantize } from './gif.js';
import { gammaRaster, greyRaster, type Raster } from './pixels.js';
import { animationSheet, type SheetOptions, stillSheet } from './sheet.js';

/** What a network has found in images; a `Grouping` of `@nem/models` with its frames is such. Arrays are in row-major order. */
export interface PictureGrouping {
  /** Steps: frames of a sequence; 1 of still images. */
  readonly steps: number;
  /** Images or sequences side by side. */
  readonly batch: number;
  /** K. */
  readonly components: number;
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  /** The images that were grouped, from 0 to 1: [steps, batch, height, width]. */
  readonly inputs: Float32Array;
  /** γ, [steps, batch, components, height, width]. */
  readonly gamma: Float32Array;
  /** ψ, as γ. */
  readonly predictions: Float32Array;
}

/** Pixels of the picture for each pixel of an image: so many that an image is about this large. */
const TILE = 112;
/** How bright a black pixel is in its component's colour, from 0 to 1: the background is there, but stays behind. */
const DARKEST = 0.18;

/** The axes stand in the grouping's shape. */
const AXIS: RequiredField = {
  kind: 'number',
  remedy: 'spread its shape too, { ...grouping.shape, ...grouping, inputs }',
};
const VALUES: RequiredField = { kind: 'Float32Array' };

const FIELDS: Readonly<Record<keyof PictureGrouping, RequiredField>> = {
  steps: AXIS,
  batch: AXIS,
  components: AXIS,
  height: AXIS,
  width: AXIS,
  inputs: {
    kind: 'Float32Array',
    remedy: 'give the images that were grouped, a Float32Array from 0 to 1 of [steps, batch, height, width]',
  },
  gamma: VALUES,
  predictions: VALUES,
};

/** @throws ReportError unless every field is there and the arrays have the lengths of the axes */
function requireGrouping(grouping: PictureGrouping): void {
  requireFields('the grouping', grouping, FIELDS);
  const { steps, batch, components, height, width, inputs, gamma, predictions } = grouping;
  const images = steps * batch * height * width;
  const fits = inputs.length === images && [gamma, predictions].every(({ length }) => length === images * components);
  if (fits && images > 0) return;
  const remedy =
    images > 0
      ? `give inputs of ${images} values, and gamma and predictions of ${images * components} each`
      : 'give at least one image';
  throw new ReportError(
    `the grouping has ${inputs.length} pixels, ${gamma.length} values of γ and ${predictions.length} of ψ: ${remedy}.`,
  );
}

/** What is drawn of one image at one step, from top to bottom: it, its groups, each component's prediction. */
function tilesOf(grouping: PictureGrouping, step: number, index: number): Raster[] {
  const { batch, components, height, width, inputs, gamma, predictions } = grouping;
  const pixels = height * width;
  const at = step * batch + index;
  const input = inputs.subarray(at * pixels, (at + 1) * pixels);
  const part = (values: Float32Array) => values.subarray(at * components * pixels, (at + 1) * components * pixels);
  const psi = part(predictions);
  return [
    greyRaster(input, width, height),
    // Darker where the image is.
    gammaRaster(
      part(gamma),
      components,
      width,
      height,
      (pixel) => DARKEST + (1 - DARKEST) * Math.min(1, Math.max(0, input[pixel]!)),
    ),
    ...Array.from({ length: components }, (_, k) =>
      greyRaster(psi.subarray(k * pixels, (k + 1) * pixels), width, height),
    ),
  ];
}

const scaleOf = ({ height, width }: PictureGrouping) => Math.max(1, Math.round(TILE / Math.max(height, width)));

/** How a grouping is drawn. */
const sheetOf = (grouping: PictureGrouping): SheetOptions => ({
  frames: grouping.steps,
  count: grouping.batch,
  height: grouping.height,
  width: grouping.width,
  scale: scaleOf(grouping),
  channels: 3,
  paper: 255,
  rows: 2 + grouping.components,
  tiles: (step, index) => tilesOf(grouping, step, index),
});

/**
 * A grouping as a PNG. Each column is an image, or of sequences a frame (evenly spaced, at most 11): the image, the image in the
 * colours of its components, and what each component predicts.
 * @throws ReportError for a field that is missing, and arrays of other lengths
 */
export function groupingPicture(grouping: PictureGrouping): Uint8Array {
  requireGrouping(grouping);
  const { width, height, data } = stillSheet(sheetOf(grouping));
  return encode({ width, height, channels: 3, data, depth: 8 }, { zlib: { level: 9 } });
}

/** Red, green, blue and alpha, as the encoder counts colours. */
function withAlpha(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let pixel = 0; pixel < rgb.length / 3; pixel++) rgba.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  return rgba;
}

/**
 * A grouping as an animated GIF that repeats: each sequence's frames beside the same in the colours of their components.
 * @throws ReportError for a field that is missing, and arrays of other lengths
 */
export function groupingAnimation(grouping: PictureGrouping): Uint8Array {
  requireGrouping(grouping);
  const options = sheetOf(grouping);
  const gif = GIFEncoder();
  for (let step = 0; step < grouping.steps; step++) {
    const { data, width, height } = animationSheet(options, step);
    const rgba = withAlpha(data);
    const palette = quantize(rgba, 256);
    gif.writeFrame(applyPalette(rgba, palette), width, height, { palette, delay: FRAME_MILLISECONDS, repeat: 0 });
  }
  gif.finish();
  return gif.bytes();
}
