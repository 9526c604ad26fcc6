import { shown } from './shown.js';

/** The three parts of a dataset. */
export type Split = 'training' | 'validation' | 'test';

export const SPLITS: readonly Split[] = ['training', 'validation', 'test'];

/** Number of samples in each split. */
export type SplitSizes = Readonly<Record<Split, number>>;

/** The sizes of the paper's splits (method, section 5). */
export const DEFAULT_SIZES: SplitSizes = { training: 50_000, validation: 10_000, test: 10_000 };

/**
 * The axes of every array of pixels, here and in an HDF5 file (which has the channel as a fifth), in this order: the frames of a
 * sequence (1 for still images), the samples, the rows from the top, the columns from the left. Arrays are flat and row-major: the
 * pixel (frame, sample, row, column) stands at `((frame * count + sample) * height + row) * width + column`.
 */
export type SamplesShape = readonly [frames: number, count: number, height: number, width: number];

/** Samples of equal size; both arrays have the axes of {@link SamplesShape}. */
export interface Samples {
  readonly frames: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Pixels in [0, 1]. */
  readonly features: Float32Array;
  /** True groups: 0 is background and overlap, objects are 1, 2, 3 … */
  readonly groups: Uint8Array;
}

/** The axes of samples as a list. */
export const shapeOf = ({ frames, count, height, width }: Samples): SamplesShape => [frames, count, height, width];

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * A dataset: a pure function from (split, index) to a sample. Any sample can be drawn alone, in any order, on any machine.
 * {@link defineDataset} makes one of a function that draws a sample.
 */
export interface Dataset {
  readonly name: string;
  /** Change it whenever the same options give other samples than before. Default 1. */
  readonly version?: string | number;
  /** What the samples depend on, to be recorded with a run. Default: nothing */
  readonly options?: Readonly<Record<string, Json>>;
  readonly height: number;
  readonly width: number;
  /** Frames of a sample; 1 for still images. */
  readonly frames: number;
  /** Objects in a sample. */
  readonly objects: number;
  readonly sizes: SplitSizes;
  /** Paths of the files that its samples are from: nothing is written over them. Absent: none. */
  readonly files?: readonly string[];
  /**
   * Writes sample `index` of `split` into position `position` of `out`, every pixel of its frames.
   * @throws DatasetError for an index outside the split
   */
  draw(split: Split, index: number, out: Samples, position: number): void;
  /**
   * Sample `index` of `split` in arrays of its own; `count` is 1.
   * @throws DatasetError for an index outside the split
   */
  sample(split: Split, index: number): Samples;
}

/** A dataset's own part: what {@link withSample} makes a whole one of. */
export type DrawnDataset = Omit<Dataset, 'sample'>;

/** A dataset of its own part: adds `sample`. */
export function withSample<D extends DrawnDataset>(dataset: D): D & Dataset {
  return { ...dataset, sample: (split: Split, index: number) => drawSamples(dataset, split, [index]) };
}

/** Whether samples are still images: engines show a still image at every step, and a frame of a sequence at one step. */
export const isStill = ({ frames }: Pick<Dataset, 'frames'>): boolean => frames === 1;

/** A dataset option, index or shape that cannot be used; the message says which and what to do. */
export class DatasetError extends Error {
  override readonly name: string = 'DatasetError';
  /** The same text in every copy of the package, by `import` or by `require`; `instanceof` goes by it. */
  readonly code: 'NEM_DATASET' | 'NEM_DATASET_FILE' = 'NEM_DATASET';

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a caller's own subclass has no code and is told by its class.
    if (this !== DatasetError && this !== DatasetFileError) return super[Symbol.hasInstance](value);
    const code = (value as Partial<DatasetError> | null | undefined)?.code;
    // biome-ignore lint/complexity/noThisInStatic: the class to the right of `instanceof`.
    return code === 'NEM_DATASET_FILE' || (code === 'NEM_DATASET' && this === DatasetError);
  }
}

/** A file that is missing, damaged, of another layout, or that cannot be written; the message names it and what to do. */
export class DatasetFileError extends DatasetError {
  override readonly name = 'DatasetFileError';
  override readonly code = 'NEM_DATASET_FILE';
}

/**
 * The sizes of the splits, with defaults filled in.
 * @throws DatasetError for a size that is not an integer from 0 to 2³²
 */
export function splitSizes(sizes: Partial<SplitSizes> = {}): SplitSizes {
  if (typeof sizes !== 'object' || sizes === null || Array.isArray(sizes)) {
    throw new DatasetError(
      `the sizes of the splits are ${shown(sizes)}: give an object with any of ${SPLITS.join(', ')}.`,
    );
  }
  const all = { ...DEFAULT_SIZES, ...sizes };
  for (const [split, size] of Object.entries(all)) {
    requireSplit(split);
    if (!Number.isInteger(size) || size < 0 || size > 2 ** 32) {
      throw new DatasetError(`the size of the ${split} split is ${shown(size)}: give an integer from 0 to 4294967296.`);
    }
  }
  return all;
}

/** @throws DatasetError for anything but the name of a split */
export function requireSplit(split: unknown): asserts split is Split {
  if (SPLITS.includes(split as Split)) return;
  throw new DatasetError(`there is no split ${shown(split)}: use training, validation or test.`);
}

/** @throws DatasetError for an unknown split and an index outside the split */
export function requireIndex({ name, sizes }: Pick<Dataset, 'name' | 'sizes'>, split: Split, index: number): void {
  requireSplit(split);
  const size = sizes[split];
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    const there = size === 0 ? 'the split is empty, name another one' : `its indices are 0 to ${size - 1}`;
    throw new DatasetError(`${name} has no ${split} sample ${shown(index)}: ${there}.`);
  }
}

/** Room for `count` samples of `dataset`. */
export function allocateSamples({ frames, height, width }: DrawnDataset, count: number): Samples {
  const length = frames * count * height * width;
  return { frames, count, height, width, features: new Float32Array(length), groups: new Uint8Array(length) };
}

/**
 * Draws the samples `indices` of `split`, in that order.
 * @param out room to draw into, of exactly `indices.length` samples, to allocate nothing. Default: new arrays
 * @throws DatasetError for an unknown split, an index outside the split or an `out` of another shape
 */
export function drawSamples(dataset: DrawnDataset, split: Split, indices: ArrayLike<number>, out?: Samples): Samples {
  requireSplit(split);
  if (!Number.isSafeInteger(indices?.length) || typeof indices === 'string') {
    throw new DatasetError(`the indices of the samples are ${shown(indices)}: give a list of integers.`);
  }
  const samples = out ?? allocateSamples(dataset, indices.length);
  const { frames, height, width } = dataset;
  if (
    samples.frames !== frames ||
    samples.count !== indices.length ||
    samples.height !== height ||
    samples.width !== width
  ) {
    throw new DatasetError(
      `out holds [${shapeOf(samples).map(shown).join(', ')}] pixels but the samples are ` +
        `[${frames}, ${indices.length}, ${height}, ${width}]: allocate it with allocateSamples.`,
    );
  }
  const pixels = frames * indices.length * height * width;
  const room = Math.min(samples.features.length, samples.groups.length);
  if (room < pixels) {
    throw new DatasetError(`out has arrays of ${room} values for ${pixels} pixels: allocate it with allocateSamples.`);
  }
  for (let i = 0; i < indices.length; i++) dataset.draw(split, indices[i]!, samples, i);
  return samples;
}
