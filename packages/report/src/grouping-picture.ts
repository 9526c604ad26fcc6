import { encode } from 'fast-png';
import * as gifenc from 'gifenc';
import { chooseSteps } from './overview.js';
import { componentColour, type Rgb } from './palette.js';
import { greyRaster, type Raster } from './pixels.js';
import { ReportError } from './report-error.js';
import { type RequiredField, requireFields } from './require-fields.js';

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

/** Node has what this CommonJS package exports as its default export, bundlers have it by name. */
const { GIFEncoder, quantize, applyPalette } =
  'quantize' in gifenc ? gifenc : ((gifenc as { readonly default: unknown }).default as typeof gifenc);

/** Most images, or frames of a sequence, side by side. */
const MOST_COLUMNS = 11;
/** Pixels of the picture for each pixel of an image: so many that an image is about this large. */
const TILE = 112;
const GAP = 4;
const PAPER: Rgb = [255, 255, 255];
/** How bright a black pixel is in its component's colour, from 0 to 1: the background is there, but stays behind. */
const DARKEST = 0.18;
/** Milliseconds of a frame of the animation. */
const FRAME_MILLISECONDS = 120;

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
  throw new ReportError(
    `the grouping has ${inputs.length} pixels, ${gamma.length} values of γ and ${predictions.length} of ψ: give ${images} and ${images * components} twice.`,
  );
}

/** The image in the colours of its components: each pixel Σ_k γ_k colour_k, darker where the image is. */
function groupsRaster(
  inputs: Float32Array,
  gamma: Float32Array,
  { components, width, height }: PictureGrouping,
): Raster {
  const pixels = width * height;
  const data = new Uint8Array(3 * pixels);
  const colours = Array.from({ length: components }, (_, k) => componentColour(k));
  for (let pixel = 0; pixel < pixels; pixel++) {
    const light = DARKEST + (1 - DARKEST) * Math.min(1, Math.max(0, inputs[pixel]!));
    for (let c = 0; c < 3; c++) {
      const mix = colours.reduce((sum, colour, k) => sum + gamma[k * pixels + pixel]! * colour[c]!, 0);
      data[3 * pixel + c] = Math.round(light * mix);
    }
  }
  return { width, height, channels: 3, data };
}

/** A picture in red, green and blue that rasters are drawn into, enlarged. */
class Sheet {
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8Array(3 * width * height);
    for (let i = 0; i < this.data.length; i++) this.data[i] = PAPER[i % 3]!;
  }

  draw({ width, height, channels, data }: Raster, x: number, y: number, scale: number): void {
    for (let row = 0; row < height * scale; row++) {
      for (let column = 0; column < width * scale; column++) {
        const from = channels * (Math.floor(row / scale) * width + Math.floor(column / scale));
        const to = 3 * ((y + row) * this.width + x + column);
        for (let c = 0; c < 3; c++) this.data[to + c] = data[from + (channels === 3 ? c : 0)]!;
      }
    }
  }
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
    groupsRaster(input, part(gamma), grouping),
    ...Array.from({ length: components }, (_, k) =>
      greyRaster(psi.subarray(k * pixels, (k + 1) * pixels), width, height),
    ),
  ];
}

const scaleOf = ({ height, width }: PictureGrouping) => Math.max(1, Math.round(TILE / Math.max(height, width)));

/** The images or frames that stand side by side, line by line. */
function linesOf({ steps, batch }: PictureGrouping): { step: number; index: number }[][] {
  const shown = chooseSteps(steps, MOST_COLUMNS);
  if (steps > 1) {
    return Array.from({ length: batch }, (_, index) => shown.map((step) => ({ step, index })));
  }
  return Array.from({ length: Math.ceil(batch / MOST_COLUMNS) }, (_, line) =>
    Array.from({ length: Math.min(MOST_COLUMNS, batch - line * MOST_COLUMNS) }, (_, i) => ({
      step: 0,
      index: line * MOST_COLUMNS + i,
    })),
  );
}

/**
 * A grouping as a PNG. Each column is an image, or of sequences a frame (evenly spaced, at most 11): the image, the image in the
 * colours of its components, and what each component predicts.
 * @throws ReportError for a field that is missing, and arrays of other lengths
 */
export function groupingPicture(grouping: PictureGrouping): Uint8Array {
  requireGrouping(grouping);
  const scale = scaleOf(grouping);
  const [cellWidth, cellHeight] = [grouping.width * scale + GAP, grouping.height * scale + GAP];
  const lines = linesOf(grouping);
  const lineHeight = (2 + grouping.components) * cellHeight + GAP;
  const columns = Math.max(...lines.map(({ length }) => length));
  const sheet = new Sheet(columns * cellWidth + GAP, lines.length * lineHeight + GAP);
  lines.forEach((line, l) => {
    line.forEach(({ step, index }, column) => {
      tilesOf(grouping, step, index).forEach((tile, row) => {
        sheet.draw(tile, GAP + column * cellWidth, GAP + l * lineHeight + row * cellHeight, scale);
      });
    });
  });
  const { width, height, data } = sheet;
  return encode({ width, height, channels: 3, data, depth: 8 }, { zlib: { level: 9 } });
}

/** One frame of every sequence: it, and beside it the same in the colours of its components. */
function animationFrame(grouping: PictureGrouping, step: number): Sheet {
  const scale = scaleOf(grouping);
  const [cellWidth, cellHeight] = [grouping.width * scale + GAP, grouping.height * scale + GAP];
  const perLine = Math.ceil(Math.sqrt(grouping.batch / 2));
  const tileWidth = 2 * cellWidth + GAP;
  const sheet = new Sheet(perLine * tileWidth, Math.ceil(grouping.batch / perLine) * cellHeight + GAP);
  for (let index = 0; index < grouping.batch; index++) {
    const [x, y] = [GAP + (index % perLine) * tileWidth, GAP + Math.floor(index / perLine) * cellHeight];
    const [input, groups] = tilesOf(grouping, step, index) as [Raster, Raster];
    sheet.draw(input, x, y, scale);
    sheet.draw(groups, x + cellWidth, y, scale);
  }
  return sheet;
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
  const gif = GIFEncoder();
  for (let step = 0; step < grouping.steps; step++) {
    const { data, width, height } = animationFrame(grouping, step);
    const rgba = withAlpha(data);
    const palette = quantize(rgba, 256);
    gif.writeFrame(applyPalette(rgba, palette), width, height, { palette, delay: FRAME_MILLISECONDS, repeat: 0 });
  }
  gif.finish();
  return gif.bytes();
}
