import { deriveKey, foldIn, RandomStream } from '@nem/random';
import {
  type Dataset,
  DatasetError,
  type Json,
  requireIndex,
  type Samples,
  type Split,
  type SplitSizes,
  splitSizes,
  withSample,
} from './dataset.js';
import { type Names, requireFrames, requireImage, requireObjects, requireOptions, requireSeed } from './options.js';
import { bySplit } from './seeded-dataset.js';
import { shown } from './shown.js';

/** One sample that is being drawn: black and all background at first. */
export interface Canvas {
  readonly split: Split;
  /** Number of the sample in its split. */
  readonly index: number;
  /** Random numbers of this sample alone: the same for the same seed, split and index. */
  readonly random: RandomStream;
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** Pixels in [0, 1], [frames, height, width], row-major. */
  readonly features: Float32Array;
  /** True groups, [frames, height, width]: 0 is background and overlap, objects are 1, 2, 3 … */
  readonly groups: Uint8Array;
  /**
   * Lights a pixel for an object. A pixel that several objects light has the brightest one's value and group 0; what lies outside the
   * image is left out.
   * @param group the object's number, from 1 to the dataset's `objects`
   * @param value above 0, at most 1. Default 1
   * @param frame Default 0
   * @throws DatasetError for a group beyond the dataset's objects, for places that are no integers, and for a value out of range
   */
  light(group: number, row: number, column: number, value?: number, frame?: number): void;
}

/** What a dataset is made of. */
export interface DatasetDefinition {
  readonly name: string;
  /** Change it whenever the same options give other samples than before. Default 1. */
  readonly version?: string | number;
  /** What the samples depend on, to be recorded with a run; the seed is added. Default: nothing but the seed. */
  readonly options?: Readonly<Record<string, Json>>;
  /** Pixels, 1 to 4096. */
  readonly height: number;
  readonly width: number;
  /** Frames of a sequence, up to 65,536. Default 1: still images. */
  readonly frames?: number;
  /** Objects in a sample, 1 to 255; if the number varies, the largest. */
  readonly objects: number;
  /** Default: the paper's 50,000, 10,000 and 10,000. */
  readonly sizes?: Partial<SplitSizes>;
  /** Of the random numbers that samples are drawn from: a safe integer, 0 or more. Default 0. */
  readonly seed?: number;
  /** Draws one sample, before it returns. It may not depend on samples that were drawn before. */
  draw(canvas: Canvas): void;
}

const NAMES: Names<DatasetDefinition> = {
  name: true,
  version: true,
  options: true,
  height: true,
  width: true,
  frames: true,
  objects: true,
  sizes: true,
  seed: true,
  draw: true,
};

/** @throws DatasetError for what no dataset can be made of */
function requireDefinition(definition: DatasetDefinition): void {
  requireOptions(definition, 'defineDataset', NAMES);
  const { name, options, height, width, frames = 1, objects, seed = 0, draw } = definition;
  if (typeof name !== 'string' || name.trim() === '') {
    throw new DatasetError(`the name of the dataset is ${shown(name)}: give a text.`);
  }
  requireImage(height, width, 'a sample', 1, 1);
  requireFrames(frames);
  requireObjects(objects);
  requireSeed(seed);
  if (options?.seed !== undefined && options.seed !== seed) {
    throw new DatasetError(
      `the options of ${name} have the seed ${shown(options.seed)}, but its samples are drawn from seed ${seed}: give it as the field seed alone.`,
    );
  }
  if (typeof draw !== 'function') throw new DatasetError(`draw of ${name} is ${shown(draw)}: give a function.`);
}

type Place = Pick<Canvas, 'frames' | 'height' | 'width' | 'features' | 'groups'>;

/** {@link Canvas.light} on a place, in samples of at most so many objects. */
const lightOn =
  ({ frames, height, width, features, groups }: Place, objects: number): Canvas['light'] =>
  (group, row, column, value = 1, frame = 0) => {
    if (![group, row, column, frame].every(Number.isInteger) || group < 1 || group > objects || frame < 0) {
      throw new DatasetError(
        `light was given group ${shown(group)}, row ${shown(row)}, column ${shown(column)} and frame ${shown(frame)}: give integers, the group from 1 to the number of objects, ${objects}.`,
      );
    }
    if (!(value > 0 && value <= 1)) {
      throw new DatasetError(`light was given the value ${shown(value)}: give a number above 0 and at most 1.`);
    }
    if (row < 0 || row >= height || column < 0 || column >= width || frame >= frames) return;
    const at = (frame * height + row) * width + column;
    const before = features[at]!;
    groups[at] = before === 0 || groups[at] === group ? group : 0;
    if (value > before) features[at] = value;
  };

/** Where a sample is drawn: a still image in its place among others, a sequence beside them, for its frames lie apart. */
function placeIn(out: Samples, position: number): Place & { readonly isCopy: boolean } {
  const { frames, height, width } = out;
  const pixels = height * width;
  const size = { frames, height, width };
  if (frames > 1) {
    return {
      ...size,
      features: new Float32Array(frames * pixels),
      groups: new Uint8Array(frames * pixels),
      isCopy: true,
    };
  }
  const [from, to] = [position * pixels, (position + 1) * pixels];
  return {
    ...size,
    features: out.features.subarray(from, to).fill(0),
    groups: out.groups.subarray(from, to).fill(0),
    isCopy: false,
  };
}

/** Puts a sequence that was drawn beside the others in its place among them. */
function copyFrames({ frames, height, width, features, groups }: Place, out: Samples, position: number): void {
  const pixels = height * width;
  for (let frame = 0; frame < frames; frame++) {
    const [from, to] = [frame * pixels, (frame + 1) * pixels];
    const at = (frame * out.count + position) * pixels;
    out.features.set(features.subarray(from, to), at);
    out.groups.set(groups.subarray(from, to), at);
  }
}

/**
 * A dataset of a function that draws one sample.
 *
 * ```ts
 * const bars = defineDataset({
 *   name: 'bars', height: 12, width: 12, objects: 2,
 *   draw({ random, light }) {
 *     const [row, column] = [random.integer(12), random.integer(12)];
 *     for (let i = 0; i < 12; i++) { light(1, row, i); light(2, i, column); }
 *   },
 * });
 * ```
 * @throws DatasetError for an unknown field and for one out of range; its `draw` and `sample` throw one for an index outside the
 * split, for pixels that are not from 0 to 1 and for a function that draws later
 */
export function defineDataset(definition: DatasetDefinition): Dataset {
  requireDefinition(definition);
  const { name, version = 1, options, height, width, frames = 1, objects, seed = 0, draw } = definition;
  const sizes = splitSizes(definition.sizes);
  const keys = bySplit((split) => deriveKey(seed, `${name}/${split}`));
  return withSample({
    ...{ name, version, options: { ...options, seed }, height, width, frames, objects, sizes },
    draw(split: Split, index: number, out: Samples, position: number) {
      requireIndex({ name, sizes }, split, index);
      const place = placeIn(out, position);
      const random = new RandomStream(foldIn(keys[split], index));
      const drawn: unknown = draw({ split, index, random, ...place, light: lightOn(place, objects) });
      if (drawn instanceof Promise) {
        throw new DatasetError(`draw of ${name} returns a promise: give a function that has drawn when it returns.`);
      }
      const wrong = place.features.find((value) => !(value >= 0 && value <= 1));
      if (wrong !== undefined) {
        throw new DatasetError(
          `${name} draws the pixel ${wrong} in ${split} sample ${index}: give values from 0 to 1, e.g. bytes divided by 255.`,
        );
      }
      if (place.isCopy) copyFrames(place, out, position);
    },
  });
}
