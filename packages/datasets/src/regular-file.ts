import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DatasetFileError } from './dataset.js';

/** A folder, a pipe or a device is refused: reading one could wait for ever, or never end. */
export function requireRegular(path: string, stats: Stats | undefined): asserts stats is Stats {
  if (!stats) throw new DatasetFileError(`${path}: there is no such file: give another.`);
  if (!stats.isFile()) throw new DatasetFileError(`${path} is a folder, a pipe or a device: give a file.`);
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
    throw new DatasetFileError(`${path} cannot be read (${(error as Error).message}): give another file.`);
  } finally {
    await file?.close();
  }
}
