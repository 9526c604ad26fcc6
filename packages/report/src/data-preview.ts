import { encode } from 'fast-png';
import gifenc from 'gifenc';
import { chooseSteps } from './overview.js';
import { componentColour, type Rgb } from './palette.js';
import { ReportError } from './report-error.js';
import { type RequiredField, requireFields } from './require-fields.js';

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
  throw new ReportError(
    `the samples have ${features.length} pixels and ${groups.length} groups: give ${pixels} of each, more than none.`,
  );
}

const GIFEncoder = 'GIFEncoder' in gifenc ? gifenc.GIFEncoder : gifenc;

/** Pixels of the picture for each pixel of a sample. */
const SCALE = 3;
const GAP = 4;

/** Most frames of a sequence in the still picture. */
const MOST_FRAMES = 11;

/** Milliseconds of a frame of the animation. */
const FRAME_MILLISECONDS = 120;

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

/** A picture of palette indices. */
class Canvas {
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8Array(width * height).fill(PAPER);
  }

  /** Draws one frame of one sample, enlarged, with its top left corner at (x, y). */
  draw(
    { height, width, count }: PreviewSamples,
    sample: number,
    frame: number,
    x: number,
    y: number,
    index: (at: number) => number,
  ) {
    const start = (frame * count + sample) * height * width;
    for (let row = 0; row < height * SCALE; row++) {
      const from = start + Math.floor(row / SCALE) * width;
      const to = (y + row) * this.width + x;
      for (let column = 0; column < width * SCALE; column++) {
        this.data[to + column] = index(from + Math.floor(column / SCALE));
      }
    }
  }
}

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

/**
 * Samples as a PNG: two lines each, the frames (evenly spaced, at most 11) above their groups in colours; grey marks overlap.
 * Still images stand side by side.
 * @throws ReportError for a field that is missing, and arrays of other lengths
 */
export function samplesToPng(samples: PreviewSamples): Uint8Array {
  requireSamples(samples);
  const { count, frames } = samples;
  const cellWidth = samples.width * SCALE + GAP;
  const cellHeight = samples.height * SCALE + GAP;
  const shown = chooseSteps(frames, MOST_FRAMES);
  const perLine = frames > 1 ? 1 : Math.min(count, MOST_FRAMES);
  const columns = Math.max(perLine, shown.length);
  const lineHeight = 2 * cellHeight + GAP;
  const canvas = new Canvas(columns * cellWidth + GAP, Math.ceil(count / perLine) * lineHeight + GAP);
  for (let sample = 0; sample < count; sample++) {
    const y = GAP + Math.floor(sample / perLine) * lineHeight;
    shown.forEach((frame, i) => {
      const x = GAP + ((sample % perLine) + i) * cellWidth;
      canvas.draw(samples, sample, frame, x, y, featureIndex(samples));
      canvas.draw(samples, sample, frame, x, y + cellHeight, groupIndex(samples));
    });
  }
  const { width, height, data } = canvas;
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
  const { count, frames } = samples;
  const perLine = Math.ceil(Math.sqrt(count / 2));
  const cellWidth = samples.width * SCALE + GAP;
  const cellHeight = samples.height * SCALE + GAP;
  const tileWidth = 2 * cellWidth + GAP;
  const gif = GIFEncoder();
  for (let frame = 0; frame < frames; frame++) {
    const canvas = new Canvas(perLine * tileWidth, Math.ceil(count / perLine) * cellHeight + GAP);
    for (let sample = 0; sample < count; sample++) {
      const x = GAP + (sample % perLine) * tileWidth;
      const y = GAP + Math.floor(sample / perLine) * cellHeight;
      canvas.draw(samples, sample, frame, x, y, featureIndex(samples));
      canvas.draw(samples, sample, frame, x + cellWidth, y, groupIndex(samples));
    }
    const first = frame === 0 ? { palette: PALETTE, repeat: 0 } : {};
    gif.writeFrame(canvas.data, canvas.width, canvas.height, { delay: FRAME_MILLISECONDS, ...first });
  }
  gif.finish();
  return gif.bytes();
}
