import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EXIT_CODES, ExplainedError, type Remedy, RunError } from '../errors.js';

/** What happened, of whatever was thrown: the first line of its message, without the remedy of an error of ours. */
export function reason(error: unknown) {
  if (error instanceof ExplainedError) return error.reason;
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

/** The system's code of a failed file operation, e.g. `ENOSPC`. */
export const errorCode = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code ?? '';

/** The exit code of a failed write. */
export function writeExitCode(error: unknown): number {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return EXIT_CODES.diskFull;
  return code === 'EROFS' || code === 'EACCES' || code === 'EPERM' ? EXIT_CODES.notWritable : EXIT_CODES.failure;
}

/** Follows what mends the place itself; only some commands can write to another. */
const WRITE_ELSEWHERE = { type: 'writeElsewhere' } as const;

/** The error of a failed write: one sentence, and an exit code for a full disk and for a folder that is not writable. */
export function writeError(file: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  const exitCode = writeExitCode(error);
  switch (exitCode) {
    case EXIT_CODES.diskFull:
      return new RunError(
        `cannot write ${file}: the disk is full (${errorCode(error)})`,
        ['free some space, then go on', { type: 'goOn' }, '.'],
        { exitCode, joint: '; ' },
      );
    case EXIT_CODES.notWritable:
      return new RunError(
        `cannot write ${file}: it may not be written to (${errorCode(error)})`,
        ['allow it', WRITE_ELSEWHERE, '.'],
        { exitCode, joint: '; ' },
      );
    default:
      return new RunError(`cannot write ${file} (${reason(error)})`, ['make it writable', WRITE_ELSEWHERE, '.']);
  }
}

/** Makes renames and new names in a folder survive a loss of power; a no-op where folders cannot be opened (Windows). */
function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(descriptor);
  } catch {
    // Some network file systems cannot; the rename has happened all the same.
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a folder with those around it that are missing; where that cannot be, throws the system's own error. `mkdir` with
 * `recursive` loops forever where the system answers ENOENT for a new folder inside an existing one, as /proc does.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let path = resolve(folder); !existsSync(path) && path !== dirname(path); path = dirname(path))
    missing.push(path);
  for (const path of missing.reverse()) {
    try {
      mkdirSync(path);
    } catch (error) {
      // Another process has made it.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  if (!statSync(folder).isDirectory())
    throw Object.assign(new Error(`ENOTDIR: ${folder} is no folder`), { code: 'ENOTDIR' });
}

/** Name of the temporary file beside `file`. */
export const partOf = (file: string) => `${file}.part`;

function flush(file: string, flags: 'w' | 'a', content: string | Uint8Array): void {
  const descriptor = openSync(file, flags);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes the temporary file beside `file`, so that its space is free. */
function removePart(file: string): void {
  try {
    rmSync(partOf(file), { force: true });
  } catch {
    // What stopped the write is what matters.
  }
}

/**
 * Writes a file whole or not at all: into a temporary file, flushed, that then takes the name.
 * @param beforeRename called once the temporary file is whole on the disk
 * @throws RunError that names the file
 */
export function writeWhole(file: string, content: string | Uint8Array, beforeRename?: () => void): void {
  try {
    makeFolder(dirname(file));
    flush(partOf(file), 'w', content);
    beforeRename?.();
    renameSync(partOf(file), file);
    syncFolder(dirname(file));
  } catch (error) {
    removePart(file);
    throw writeError(file, error);
  }
}

/**
 * Appends to a file and flushes it.
 * @throws RunError that names the file
 */
export function appendFlushed(file: string, text: string): void {
  try {
    flush(file, 'a', text);
  } catch (error) {
    throw writeError(file, error);
  }
}

/**
 * Reads a file of at most `limit` bytes; its size is looked at before anything is allocated.
 * @param remedy what mends it, without a full stop. Default: nothing is known to
 * @throws RunError that names the file, for one that is absent, too large or no file
 */
export function readWhole(file: string, limit: number, remedy?: Remedy): Buffer {
  let descriptor: number | undefined;
  try {
    // Without waiting for a writer, where it is a pipe.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error('it is a folder, a pipe or a device');
    if (stat.size > limit) throw new Error(`it has ${stat.size} bytes, more than ${limit}`);
    return readFileSync(descriptor);
  } catch (error) {
    throw new RunError(`cannot read ${file} (${reason(error)})`, remedy && [remedy, '.'].flat());
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
