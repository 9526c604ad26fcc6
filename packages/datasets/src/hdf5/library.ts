import type { Dataset, File, Group } from 'h5wasm/node';
import { DatasetError, DatasetFileError } from '../dataset.js';
import { guard, type LibraryFiles } from './confine.js';

/** The parts of the HDF5 library that are used. */
export interface Hdf5Library {
  /** Opens a file to read, or makes a new one to write. */
  open(path: string, mode: 'r' | 'w'): File;
  readonly Dataset: typeof Dataset;
}

export type { Dataset as Hdf5Array, File as Hdf5File, Group as Hdf5Group };

/** What made the library stop in this process, if anything did. */
let stopped: string | undefined;

/**
 * Takes note of a failure. A badly damaged file can make the library itself stop (its memory is WebAssembly's own, nothing else
 * is touched); it cannot be trusted with another file afterwards.
 */
export function noteFailure(error: unknown): void {
  if (error instanceof Error && error.name === 'RuntimeError') stopped ??= error.message;
}

/** @throws DatasetError where it is not installed: it is an optional peer of this package */
async function importLibrary(): Promise<typeof import('h5wasm/node')> {
  try {
    return await import('h5wasm/node');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new DatasetError('HDF5 files need the npm package h5wasm: run npm install h5wasm.');
  }
}

/**
 * Loads the HDF5 library (WebAssembly; reads and writes files in place). Its failures throw instead of printing.
 * @throws DatasetFileError where it has stopped in this process; DatasetError where it is not installed
 */
export async function loadLibrary(): Promise<Hdf5Library> {
  if (stopped) {
    throw new DatasetFileError(
      `the HDF5 library has stopped at a damaged file (${stopped}): start the process again for another file.`,
    );
  }
  const library = await importLibrary();
  const module = await library.ready;
  module.activate_throwing_error_handler();
  guard(module.FS as unknown as LibraryFiles);
  return { open: (path, mode) => new library.File(path, mode), Dataset: library.Dataset };
}

/** The library's numbers (WASI's) of what is mended in another way than most. */
const ERROR_CODES: Readonly<Record<string, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  51: 'ENOSPC',
  63: 'EPERM',
  69: 'EROFS',
};

/** The failed call of the system that the library names, as Node has it; undefined where it names none. */
export function systemErrorOf(error: unknown): NodeJS.ErrnoException | undefined {
  const found = /errno = (\d+), error message = '([^']*)'/.exec(String(error instanceof Error ? error.message : error));
  if (!found) return undefined;
  const [, number = '', message = ''] = found;
  const code = ERROR_CODES[number];
  return Object.assign(new Error(code ? `${code}: ${message}` : message), { code });
}

/** The innermost cause that the library names, on one line. */
export function causeOf(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.at(-1) ?? 'unknown cause').replace(/^(#\d+|minor|major):?\s*/, '').replace(/\.$/, '');
}

/** Closes a file; what the library still complains about then, for a damaged one, changes nothing for the caller. */
export function closeQuietly(file: File): void {
  try {
    file.close();
  } catch (error) {
    // The failure that matters was thrown before.
    noteFailure(error);
  }
}
