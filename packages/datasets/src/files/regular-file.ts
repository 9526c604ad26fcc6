import { closeSync, constants, openSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DatasetFileError } from '../dataset.js';

/** A folder, a pipe or a device is refused: reading one could wait for ever, or never end. */
function requireRegular(path: string, stats: Stats | undefined): asserts stats is Stats {
  if (!stats) throw new DatasetFileError(`${path}: there is no such file: give another.`);
  if (!stats.isFile()) throw new DatasetFileError(`${path} is a folder, a pipe or a device: give a file.`);
}

/** The system's own words, and what to do about most of them: EACCES, ENOTDIR, ENAMETOOLONG … */
const unreadable = (path: string, cause: unknown) =>
  new DatasetFileError(
    `${path} cannot be read (${(cause as Error).message}): give another file, or the right to read it.`,
    {
      cause,
    },
  );

/**
 * What the system says of a file; undefined where there is none.
 * @throws DatasetFileError for what is no regular file, and for a path that cannot be followed
 */
export function statRegular(path: string): Stats | undefined {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (stats) requireRegular(path, stats);
  return stats;
}

/**
 * What the system says of a file that is there and may be read.
 * @throws DatasetFileError for any other
 */
export function requireReadable(path: string): Stats {
  const stats = statRegular(path);
  requireRegular(path, stats);
  try {
    closeSync(openSync(path, 'r'));
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return stats;
}

/**
 * Reads a whole file. Node only.
 * @throws DatasetFileError for what is no regular file
 */
export async function readRegular(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    // Without waiting for a writer, where it is a pipe.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    requireRegular(path, await file.stat());
    return await file.readFile();
  } catch (error) {
    if (error instanceof DatasetFileError) throw error;
    throw unreadable(path, error);
  } finally {
    await file?.close();
  }
}
