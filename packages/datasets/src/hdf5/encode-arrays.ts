import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetError } from '../dataset.js';
import { shown } from '../shown.js';
import { type Hdf5File, loadLibrary } from './library.js';

/** An array for an HDF5 file. */
export interface Hdf5Values {
  /** Lengths of the axes, at least one and at most 32, in row-major order; the product is the number of values. */
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float32Array;
  /** What each axis is, e.g. `['steps', 'batch', 'height', 'width']`: kept as the attribute `axes`. */
  readonly axes?: readonly string[];
}

/** A light gzip, as for samples: γ is mostly near 0 and 1. */
const COMPRESSION = 1;

function createArray(file: Hdf5File, name: string, { shape, values, axes }: Hdf5Values): void {
  const dtype = values instanceof Uint8Array ? '<B' : '<f4';
  const array = file.create_dataset({
    ...{ name, dtype, data: values, shape: [...shape] },
    ...(values.length > 0 && { chunks: [...shape], compression: COMPRESSION }),
  });
  if (axes) array.create_attribute('axes', [...axes]);
}

/** Axes of an array that the format has at most. */
const MOST_AXES = 32;

/** @throws DatasetError for what is no name of one array: a slash stands between groups */
function requireName(name: string): void {
  if (name !== '' && name !== '.' && !/[/\0]/.test(name)) return;
  throw new DatasetError(`the name of the array is ${shown(name)}: give a text without slashes.`);
}

/** @throws DatasetError for a shape that is none, or not that of the values */
function requireShape(name: string, { shape, values }: Hdf5Values): void {
  const isLength = (length: number) => Number.isSafeInteger(length) && length >= 0;
  if (!Array.isArray(shape) || shape.length === 0 || shape.length > MOST_AXES || !shape.every(isLength)) {
    const given = Array.isArray(shape) ? `[${shape.join(', ').slice(0, 60)}]` : shown(shape);
    throw new DatasetError(
      `the array ${name} has the shape ${given}: give the lengths of 1 to ${MOST_AXES} axes, e.g. [${values.length}].`,
    );
  }
  if (shape.reduce((product, length) => product * length, 1) === values.length) return;
  throw new DatasetError(
    `the array ${name} has ${values.length} values and the shape [${shape.join(', ')}]: give as many values as the shape has places.`,
  );
}

/**
 * An HDF5 file of named arrays, as bytes: `h5py.File(...)['gamma'][:]` reads one. Node only; a temporary file is written and removed.
 * @throws DatasetError for a name that is empty or has a slash, a shape that is not that of the values, and where the package h5wasm is not installed
 */
export async function encodeHdf5(arrays: Readonly<Record<string, Hdf5Values>>): Promise<Uint8Array> {
  for (const [name, array] of Object.entries(arrays)) {
    requireName(name);
    requireShape(name, array);
  }
  const library = await loadLibrary();
  const folder = await mkdtemp(join(tmpdir(), 'nem-hdf5-'));
  try {
    const path = join(folder, 'arrays.h5');
    const file = library.open(path, 'w');
    try {
      for (const [name, array] of Object.entries(arrays)) createArray(file, name, array);
    } finally {
      file.close();
    }
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}
