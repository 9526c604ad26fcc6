import {
  type Dataset,
  DatasetError,
  DatasetFileError,
  requireIndex,
  type Samples,
  SPLITS,
  type Split,
  withSample,
} from '../dataset.js';
import { requireReadable } from '../files/regular-file.js';
import { requirePath } from '../options.js';
import { bySplit } from '../seeded-dataset.js';
import { shown } from '../shown.js';
import { roomOf } from './bounds.js';
import { confined } from './confine.js';
import {
  causeOf,
  closeQuietly,
  type Hdf5Array,
  type Hdf5File,
  type Hdf5Library,
  loadLibrary,
  noteFailure,
} from './library.js';

/** A dataset whose samples are read from a file when they are drawn. */
export interface Hdf5Dataset extends Dataset {
  /** Closes the file; nothing can be drawn afterwards. */
  close(): void;
}

/** H5T_FLOAT. */
const FLOAT_CLASS = 1;

const floatBytes = (axes: readonly number[]) => 4 * axes.reduce((product, axis) => product * axis, 1);

/** The filters that the library has: deflate (gzip), shuffle, fletcher32, szip, nbit and scaleoffset. */
const FILTERS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6]);

/** @throws DatasetFileError for an array that passed through a filter that the library does not have, as h5py's lzf */
function requireFilters({ filters }: Hdf5Array, path: string): void {
  const missing = filters.find(({ id }) => !FILTERS.has(id));
  if (!missing) return;
  const name = missing.name ? `${shown(missing.name)} (filter ${missing.id})` : `filter ${missing.id}`;
  throw new DatasetFileError(
    `${path} is stored through ${name}, which cannot be read here: write it with gzip or without compression.`,
  );
}

/** The axes of an array, named. */
type Shape = readonly [frames: number, samples: number, height: number, width: number, channels: number];

/** Whether an array has all axes, none of them empty. */
const isShape = (axes: readonly number[] | null | undefined): axes is Shape =>
  axes?.length === 5 && axes.every((axis) => axis >= 1);

interface SplitArrays {
  readonly features: Hdf5Array;
  readonly groups: Hdf5Array;
  readonly shape: Shape;
}

function checkArray(array: Hdf5Array, path: string, fileBytes: number): Shape {
  const { shape, chunks, type, size, virtual_sources: virtual } = array.metadata;
  if (!isShape(shape)) {
    throw new DatasetFileError(
      `${path} has the shape [${shape?.join(', ') ?? ''}]: it must be [frames, samples, height, width, channels].`,
    );
  }
  if (type !== FLOAT_CLASS || size !== 4)
    throw new DatasetFileError(`${path} is no float32 array: store it as float32.`);
  const room = roomOf(fileBytes, chunks !== null);
  const [frames, samples, height, width, channels] = shape;
  if (channels !== 1)
    throw new DatasetFileError(`${path} has ${channels} channels: only images of one channel can be used.`);
  if (floatBytes([frames, height, width]) > room || floatBytes([samples]) > room) {
    throw new DatasetFileError(
      `${path} has the shape [${shape.join(', ')}], more than ten times its file: it is damaged, or write it again without compression.`,
    );
  }
  if (virtual || (chunks && floatBytes(chunks) > room)) {
    throw new DatasetFileError(
      `${path} is stored in parts that cannot be read: write it contiguously or in chunks smaller than the file.`,
    );
  }
  requireFilters(array, path);
  return shape;
}

function openArray(
  { Dataset: ArrayClass }: Hdf5Library,
  file: Hdf5File,
  split: Split,
  name: 'features' | 'groups',
): Hdf5Array {
  const path = `${split}/${name}`;
  if (!file.keys().includes(split)) {
    throw new DatasetFileError(
      `the group '${split}' is missing: the file needs ${SPLITS.join(', ')}, each with features and groups.`,
    );
  }
  const array = file.get(path);
  if (!(array instanceof ArrayClass)) {
    throw new DatasetFileError(
      `the array '${path}' is missing: each of ${SPLITS.join(', ')} needs features and groups.`,
    );
  }
  return array;
}

function openSplit(library: Hdf5Library, file: Hdf5File, split: Split, fileBytes: number): SplitArrays {
  const features = openArray(library, file, split, 'features');
  const groups = openArray(library, file, split, 'groups');
  const shape = checkArray(features, `${split}/features`, fileBytes);
  const other = checkArray(groups, `${split}/groups`, fileBytes);
  if (shape.join() !== other.join()) {
    throw new DatasetFileError(
      `${split}/features has the shape [${shape.join(', ')}] but ${split}/groups [${other.join(', ')}]: they must be equal.`,
    );
  }
  return { features, groups, shape };
}

type Splits = Readonly<Record<Split, SplitArrays>>;

function openSplits(library: Hdf5Library, file: Hdf5File, fileBytes: number): Splits {
  const splits = bySplit((split) => openSplit(library, file, split, fileBytes));
  const sample = ({ shape: [frames, , height, width] }: SplitArrays) => `${frames} frames of ${height}×${width}`;
  const { training, validation, test } = splits;
  for (const other of [validation, test]) {
    if (sample(other) !== sample(training)) {
      throw new DatasetFileError(
        `a training sample has ${sample(training)} pixels but one of another split ${sample(other)}: all splits must have samples of one size.`,
      );
    }
  }
  return splits;
}

/** Frames of one sample, [frames, height, width]: the file is read at those places only. */
function readSample(array: Hdf5Array, [frames, , height, width]: Shape, index: number): Float32Array {
  const values = array.slice([
    [0, frames],
    [index, index + 1],
    [0, height],
    [0, width],
    [0, 1],
  ]);
  if (!(values instanceof Float32Array) || values.length !== frames * height * width) {
    throw new DatasetFileError('the file gave no float32 values: it is damaged, write it again.');
  }
  return values;
}

/** Reads from a file, and from no other that it names; every failure is one sentence that names the file. */
function explained<T>(path: string, run: () => T): T {
  try {
    return confined(path, run);
  } catch (error) {
    noteFailure(error);
    const cause =
      error instanceof DatasetFileError ? error.message : `it cannot be read (${causeOf(error)}): write it again.`;
    throw new DatasetFileError(`${path}: ${cause}`);
  }
}

/** Samples whose groups are looked at for the number of objects. */
const COUNTED = 32;

/** The largest group of the first test samples. */
function countObjects({ groups, shape }: SplitArrays): number {
  let most = 1;
  for (let i = 0; i < Math.min(COUNTED, shape[1]); i++) {
    for (const group of readSample(groups, shape, i)) if (group > most && group <= 255) most = Math.round(group);
  }
  return most;
}

function copySample(
  split: Split,
  index: number,
  { features, groups, shape }: SplitArrays,
  out: Samples,
  position: number,
) {
  const pixels = out.height * out.width;
  const values = readSample(features, shape, index);
  const labels = readSample(groups, shape, index);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const group = labels[i]!;
    const at = (Math.floor(i / pixels) * out.count + position) * pixels + (i % pixels);
    if (!(value >= 0 && value <= 1)) {
      throw new DatasetFileError(
        `${split}/features has the value ${value} in sample ${index}: pixels must be from 0 to 1.`,
      );
    }
    if (!(Number.isInteger(group) && group >= 0 && group <= 255)) {
      throw new DatasetFileError(
        `${split}/groups has the value ${group} in sample ${index}: groups must be integers from 0 to 255.`,
      );
    }
    out.features[at] = value;
    out.groups[at] = group;
  }
}

/**
 * Opens an HDF5 file in the layout of the paper's authors: groups `training`, `validation` and `test`, each with `features`
 * and `groups`, both float32 [frames, samples, height, width, 1]; still images have one frame. Samples are read from the file
 * when they are drawn; the file is never loaded whole. `objects` is the largest group among the first 32 test samples. Node only.
 * @throws DatasetFileError for a file that is missing, truncated, damaged or of another layout; `draw` throws one for damaged
 * samples, pixels outside [0, 1] and groups that are no integers from 0 to 255
 */
export async function openHdf5(path: string): Promise<Hdf5Dataset> {
  requirePath('the HDF5 file', path);
  const { size } = requireReadable(path);
  const library = await loadLibrary();
  const file = explained(path, () => library.open(path, 'r'));
  try {
    return explained(path, () => {
      const splits = openSplits(library, file, size);
      const [frames, , height, width] = splits.test.shape;
      const objects = countObjects(splits.test);
      const sizes = bySplit((split) => splits[split].shape[1]);
      let open = true;
      return withSample({
        name: 'hdf5',
        options: { file: path },
        frames,
        height,
        width,
        objects,
        sizes,
        files: [path],
        draw(split: Split, index: number, out: Samples, position: number) {
          requireIndex({ name: path, sizes }, split, index);
          if (!open) throw new DatasetError(`${path} was closed: open it again to draw samples.`);
          explained(path, () => copySample(split, index, splits[split], out, position));
        },
        close() {
          if (open) closeQuietly(file);
          open = false;
        },
      });
    });
  } catch (error) {
    closeQuietly(file);
    throw error;
  }
}
