import { access, constants, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Abort } from '../abort.js';
import { CallersError, callersOwn } from '../callers-own.js';
import { type Dataset, DatasetError, DatasetFileError, drawSamples, SPLITS, type Split } from '../dataset.js';
import { statRegular } from '../files/regular-file.js';
import { sameFile } from '../files/same-file.js';
import { type Names, requireOptions, requirePath } from '../options.js';
import { shown } from '../shown.js';
import { LARGEST_COMPRESSED } from './bounds.js';
import {
  causeOf,
  closeQuietly,
  type Hdf5Array,
  type Hdf5Group,
  type Hdf5Library,
  loadLibrary,
  systemErrorOf,
} from './library.js';

export interface WriteHdf5Options {
  readonly dataset: Dataset;
  /** Path of the file; one that exists is replaced once the new one is whole. */
  readonly file: string;
  /** Samples of each split to write, its first ones. A split left out has one sample, for the layout asks for all three. */
  readonly counts: Partial<Record<Split, number>>;
  /** Called after each block of samples. */
  readonly progress?: (written: number, total: number) => void;
  /** Ends the writing after the present block; no file is left. */
  readonly abort?: Abort;
}

const NAMES: Names<WriteHdf5Options> = { dataset: true, file: true, counts: true, progress: true, abort: true };
const COUNTS: Names<Record<Split, number>> = { training: true, validation: true, test: true };

/** Bytes of samples that are drawn and written at a time, for each of the two arrays. */
const BLOCK_BYTES = 2 ** 22;

/** Bytes of a chunk, the unit of compression: a sequence's frames together, since samples are read one by one. */
const CHUNK_BYTES = 2 ** 16;

/** A light gzip: the images are mostly zeros. */
const COMPRESSION = 1;

/**
 * Makes an empty temporary file beside the one that is written. Its name is one that nothing has: another call or process may
 * write the same file.
 */
async function makePart(file: string): Promise<string> {
  for (let number = 1; ; number++) {
    const part = number === 1 ? `${file}.part` : `${file}.${number}.part`;
    try {
      await (await open(part, 'wx')).close();
      return part;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Samples of `bytes` each that fit into `room`, at least one and at most `count`. */
const fitting = (room: number, bytes: number, count: number) => Math.max(1, Math.min(Math.floor(room / bytes), count));

function createArray(group: Hdf5Group, name: string, dataset: Dataset, count: number, first: Float32Array): Hdf5Array {
  const { frames, height, width } = dataset;
  const shape = (samples: number) => [frames, samples, height, width, 1];
  const bytes = 4 * frames * height * width;
  const block = first.length / (frames * height * width);
  const array = group.create_dataset({
    name,
    dtype: '<f4',
    shape: shape(block),
    maxshape: shape(count),
    chunks: shape(fitting(CHUNK_BYTES, bytes, count)),
    // A reader takes a file for damaged whose samples are far larger than itself.
    compression: bytes > LARGEST_COMPRESSED ? undefined : COMPRESSION,
    data: first,
  });
  if (block < count) array.resize(shape(count));
  return array;
}

async function writeSplit(
  group: Hdf5Group,
  split: Split,
  count: number,
  dataset: Dataset,
  progress: (samples: number) => Promise<void>,
): Promise<void> {
  const { frames, height, width } = dataset;
  const block = fitting(BLOCK_BYTES, 4 * frames * height * width, count);
  let arrays: Record<'features' | 'groups', Hdf5Array> | undefined;
  for (let start = 0; start < count; start += block) {
    const length = Math.min(block, count - start);
    const indices = Uint32Array.from({ length }, (_, i) => start + i);
    const samples = callersOwn(() => drawSamples(dataset, split, indices));
    const groups = Float32Array.from(samples.groups);
    if (!arrays) {
      arrays = {
        features: createArray(group, 'features', dataset, count, samples.features),
        groups: createArray(group, 'groups', dataset, count, groups),
      };
    } else {
      const range: [number, number][] = [
        [0, frames],
        [start, start + length],
        [0, height],
        [0, width],
        [0, 1],
      ];
      arrays.features.write_slice(range, samples.features);
      arrays.groups.write_slice(range, groups);
    }
    await progress(length);
  }
}

function requireCounts({ counts, dataset }: WriteHdf5Options): Record<Split, number> {
  requireOptions(counts, "writeHdf5's counts", COUNTS);
  if (typeof Object(dataset).draw !== 'function') {
    throw new DatasetError(`the dataset is ${shown(dataset)}: give e.g. what staticShapes or defineDataset returns.`);
  }
  const all = { training: 1, validation: 1, test: 1, ...counts };
  for (const split of SPLITS) {
    const most = dataset.sizes[split];
    if (most === 0) {
      throw new DatasetError(
        `the layout needs at least one ${split} sample, and ${dataset.name} has none: give it sizes with at least one.`,
      );
    }
    if (!Number.isInteger(all[split]) || all[split] < 1 || all[split] > most) {
      throw new DatasetError(
        `the number of ${split} samples is ${shown(all[split])}: give an integer from 1 to ${most}, what ${dataset.name} has.`,
      );
    }
  }
  return all;
}

async function requireWritable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (cause) {
    throw new DatasetFileError(
      `${file} cannot be written: make its folder, or choose another that can be written to.`,
      { cause },
    );
  }
  statRegular(file);
}

/** @throws DatasetError where the file is one that the samples are read from */
function requireNoSource({ files = [] }: Dataset, file: string): void {
  const source = files.find((one) => sameFile(one, file));
  if (source === undefined) return;
  throw new DatasetError(`${file} is ${source}, from which the samples are read: write to another file.`);
}

/** Writes the samples of all splits into a file that is there. */
async function writeSamples(
  part: string,
  library: Hdf5Library,
  counts: Record<Split, number>,
  { dataset, progress, abort }: WriteHdf5Options,
): Promise<void> {
  const total = SPLITS.reduce((sum, split) => sum + counts[split], 0);
  let written = 0;
  const output = library.open(part, 'w');
  try {
    for (const split of SPLITS) {
      await writeSplit(output.create_group(split), split, counts[split], dataset, async (samples) => {
        written += samples;
        callersOwn(() => progress?.(written, total));
        // Drawing and writing keep everything else of the process waiting: what aborts is let in.
        await turn();
        abort?.throwIfAborted();
      });
    }
  } catch (error) {
    closeQuietly(output);
    throw error;
  }
  output.close();
}

function writeFailure(file: string, error: unknown): DatasetFileError {
  const system = error instanceof Error && 'syscall' in error ? error : systemErrorOf(error);
  const why = system?.message ?? causeOf(error);
  return new DatasetFileError(`${file} cannot be written (${why}): choose another place, or free room.`, {
    cause: system ?? error,
  });
}

/**
 * Writes the first samples of a dataset in the layout that {@link openHdf5} reads, block by block: memory does not grow with
 * their number. The file appears under its name only when it is whole: until then it is `<file>.part`, or `<file>.2.part` and so on
 * where there is one. A process that is killed leaves its own behind, which may be removed. Node only.
 * @throws DatasetError for what is no dataset, counts out of range, an unknown option, and a file that the samples are read from
 * @throws DatasetFileError for a file that cannot be written; `cause` is the system's error or, where none is known, the library's
 * @throws the reason of `abort`, and whatever the dataset and `progress` throw
 */
export async function writeHdf5(options: WriteHdf5Options): Promise<void> {
  requireOptions(options, 'writeHdf5', NAMES);
  requirePath('the HDF5 file', options.file);
  const { dataset, file, abort } = options;
  const counts = requireCounts(options);
  await requireWritable(file);
  requireNoSource(dataset, file);
  const library = await loadLibrary();
  let part: string | undefined;
  try {
    part = await makePart(file);
    await writeSamples(part, library, counts, options);
    await rename(part, file);
  } catch (error) {
    if (part !== undefined) await rm(part, { force: true });
    abort?.throwIfAborted();
    throw error instanceof CallersError ? error.error : writeFailure(file, error);
  }
}
