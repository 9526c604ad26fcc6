import { encode } from 'fast-png';
import { componentColour, type Rgb } from '../palette.js';
import { ReportError } from '../report-error.js';
import { type RequiredField, requireFields } from '../require-fields.js';
import { FRAME_MILLISECONDS, GIFEncoder } from './gif.js';
import { animationSheet, type SheetOptions, stillSheet } from './sheet.js';

/** Samples of a dataset; those of `@nem/datasets` are such. Arrays are in row-major order. */
export interface PreviewSamples {
  /** Frames of a sequence; 1 of still images. */
  readonly frames: number;
  /** Number of samples. */
  readonly count: number;
  /** Pixels. */
  readonly height: number;
  readonly width: number;
  /** Grey values from 0 to 1, [frames, count, height, width]. */
  readonly features: Float32Array;
  /** The true group of each pixel, [frames, count, height, width]: 0 is background and overlap, objects are 1, 2, 3 … */
  readonly groups: Uint8Array;
}

const FIELDS: Readonly<Record<keyof PreviewSamples, RequiredField>> = {
  frames: { kind: 'number' },
  count: { kind: 'number' },
  height: { kind: 'number' },
  width: { kind: 'number' },
  features: { kind: 'Float32Array' },
  groups: { kind: 'Uint8Array' },
};

/** @throws ReportError unless every field is there and the arrays have the lengths of the axes */
function requireSamples(samples: PreviewSamples): void {
  requireFields('the samples', samples, FIELDS);
  const { frames, count, height, width, features, groups } = samples;
  const pixels = frames * count * height * width;
  if (features.length === pixels && groups.length === pixels && pixels > 0) return;
  const remedy = pixels > 0 ? `give ${pixels} of each` : 'give at least one sample';
  throw new ReportError(`the samples have ${features.length} pixels and ${groups.length} groups: ${remedy}.`);
}

/** Pixels of the picture for each pixel of a sample. */
const SCALE = 3;

/** The 256 colours of both pictures: paper, overlap, groups (which repeat after {@link GROUP_COLOURS}), then greys. */
const PAPER = 0;
const OVERLAP = 1;
const FIRST_GROUP = 2;
const GROUP_COLOURS = 54;
const FIRST_GREY = FIRST_GROUP + GROUP_COLOURS;
const GREYS = 256 - FIRST_GREY;

const PALETTE: readonly Rgb[] = [
  [255, 255, 255],
  [128, 128, 128],
  ...Array.from({ length: GROUP_COLOURS }, (_, i) => componentColour(i)),
  ...Array.from({ length: GREYS }, (_, i): Rgb => {
    const grey = Math.round((255 * i) / (GREYS - 1));
    return [grey, grey, grey];
  }),
];

/** Palette index of a pixel's value: black is 0, white 1. */
function featureIndex({ features }: PreviewSamples): (at: number) => number {
  return (at) => FIRST_GREY + Math.round(Math.min(1, Math.max(0, features[at]!)) * (GREYS - 1));
}

/** Palette index of a pixel's group: background is black, overlap grey. */
function groupIndex({ features, groups }: PreviewSamples): (at: number) => number {
  return (at) => {
    const group = groups[at]!;
    if (group > 0) return FIRST_GROUP + ((group - 1) % GROUP_COLOURS);
    return features[at]! > 0 ? OVERLAP : FIRST_GREY;
  };
}

/** How samples are drawn: each frame, and its groups. */
function sheetOf(samples: PreviewSamples): SheetOptions {
  const { frames, count, height, width } = samples;
  const pixels = height * width;
  const indices = [featureIndex(samples), groupIndex(samples)];
  const tiles = (frame: number, sample: number) =>
    indices.map((index) => {
      const start = (frame * count + sample) * pixels;
      const data = Uint8Array.from({ length: pixels }, (_, i) => index(start + i));
      return { width, height, channels: 1 as const, data };
    });
  return { frames, count, height, width, scale: SCALE, channels: 1, paper: PAPER, rows: indices.length, tiles };
}

/**
 * Samples as a PNG: two lines each, the frames (evenly spaced, at most 11) above their groups in colours; grey marks overlap.
 * Still images stand side by side.
 * @throws ReportError for a field that is missing, and arrays of other lengths
 */
export function samplesToPng(samples: PreviewSamples): Uint8Array {
  requireSamples(samples);
  const { width, height, data } = stillSheet(sheetOf(samples));
  const rgb = new Uint8Array(3 * data.length);
  data.forEach((index, pixel) => {
    rgb.set(PALETTE[index]!, 3 * pixel);
  });
  return encode({ width, height, channels: 3, data: rgb, depth: 8 }, { zlib: { level: 9 } });
}

/**
 * Samples as an animated GIF that repeats: each one's frames beside its groups in colours.
 * @throws ReportError for a field that is missing, and arrays of other lengths
 */
export function samplesToGif(samples: PreviewSamples): Uint8Array {
  requireSamples(samples);
  const options = sheetOf(samples);
  const gif = GIFEncoder();
  for (let frame = 0; frame < samples.frames; frame++) {
    const { data, width, height } = animationSheet(options, frame);
    const first = frame === 0 ? { palette: PALETTE, repeat: 0 } : {};
    gif.writeFrame(data, width, height, { delay: FRAME_MILLISECONDS, ...first });
  }
  gif.finish();
  return gif.bytes();
}
