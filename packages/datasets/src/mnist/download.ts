import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Abort } from '../abort.js';
import { CallersError, callersOwn } from '../callers-own.js';
import { DatasetError, DatasetFileError } from '../dataset.js';
import { makeFolder } from '../files/make-folder.js';
import { readRegular, statRegular } from '../files/regular-file.js';
import { type Names, requireOptions, requirePath } from '../options.js';
import { shown } from '../shown.js';
import { MNIST_FILES, MNIST_MIRRORS, type RemoteFile } from './remote-files.js';

export interface DownloadOptions {
  /** Where the files go; made where it is missing. */
  readonly folder: string;
  /** Addresses that end in a slash, tried in this order; at least one. Default: {@link MNIST_MIRRORS}. */
  readonly mirrors?: readonly string[];
  /** Default: {@link MNIST_FILES}. */
  readonly files?: readonly RemoteFile[];
  /** Milliseconds without a byte after which a mirror is given up, above 0 and at most 2³¹ − 1. Default 15,000. */
  readonly timeout?: number;
  /** Called as bytes arrive. */
  readonly progress?: (file: string, received: number, bytes: number) => void;
  /** Ends the download; what has arrived is kept. */
  readonly abort?: Abort;
}

export const DOWNLOAD_NAMES: Names<DownloadOptions> = {
  folder: true,
  mirrors: true,
  files: true,
  timeout: true,
  progress: true,
  abort: true,
};

const sha256 = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readRegular(path))
    .digest('hex');

/** Bytes of a file, undefined where there is none. */
function length(path: string): number | undefined {
  return statRegular(path)?.size;
}

/**
 * Writes what a mirror has beyond the bytes of `path`; a mirror without ranges starts the file over. Bytes go to their places and
 * nothing is cut off: another process that downloads the same file writes the same bytes there.
 */
async function transfer(
  address: string,
  path: string,
  { name, bytes }: RemoteFile,
  { timeout = 15_000, progress, abort }: DownloadOptions,
): Promise<void> {
  const begun = length(path) ?? 0;
  if (begun === bytes) return;
  // Of another version of the file.
  if (begun > bytes) await rm(path, { force: true });
  const stall = new AbortController();
  const stalled = () => stall.abort(new Error(`no byte for ${timeout / 1000} s`));
  let timer = setTimeout(stalled, timeout);
  try {
    const response = await fetch(address, {
      signal: abort ? AbortSignal.any([stall.signal, abort]) : stall.signal,
      headers: begun > 0 && begun < bytes ? { range: `bytes=${begun}-` } : {},
    });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    const resumed = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${begun}-`);
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT);
    let received = resumed ? begun : 0;
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = setTimeout(stalled, timeout);
        if (received + chunk.length > bytes) {
          await rm(path, { force: true });
          throw new Error(`more than ${bytes} bytes`);
        }
        await file.write(chunk, 0, chunk.length, received);
        received += chunk.length;
        const soFar = received;
        callersOwn(() => progress?.(name, soFar, bytes));
      }
    } finally {
      await file.close();
    }
    if (received < bytes) throw new Error(`ended after ${received} of ${bytes} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

function writeFailure(path: string, cause: unknown): DatasetFileError {
  const { message } = cause as Error;
  return new DatasetFileError(`${path} cannot be written (${message}): free some room, or give another folder.`, {
    cause,
  });
}

/**
 * Whether a file is there already.
 * @throws DatasetFileError for another file of that name, such as one of another set: it is not ours to replace
 */
async function isThere({ name, sha256: wanted }: RemoteFile, folder: string): Promise<boolean> {
  const path = join(folder, name);
  if (length(path) === undefined) return false;
  if ((await sha256(path)) === wanted) return true;
  throw new DatasetFileError(
    `${path} is not the file of MNIST, or is damaged (its SHA-256 is another): remove it, or give another folder.`,
  );
}

/** Whether a call on a file found none. */
const isGone = (error: unknown): boolean =>
  [error, (error as Error).cause].some((one) => (one as NodeJS.ErrnoException | undefined)?.code === 'ENOENT');

/** Gets one file from the first mirror that has it; a part that arrived is kept for the next try. */
async function downloadFile(file: RemoteFile, options: DownloadOptions): Promise<void> {
  const { folder, mirrors = MNIST_MIRRORS, abort } = options;
  const path = join(folder, file.name);
  const part = `${path}.part`;
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const address = new URL(file.name, mirror).href;
    try {
      await transfer(address, part, file, options);
      if ((await sha256(part)) === file.sha256) {
        await rename(part, path);
        return;
      }
      await rm(part, { force: true });
      failures.push(`${address}: the SHA-256 is wrong`);
    } catch (error) {
      if (error instanceof CallersError) throw error.error;
      abort?.throwIfAborted();
      // Another process that downloads the same file may have ended first, and have taken the part away.
      if (await isThere(file, folder)) return;
      if (!isGone(error)) {
        if (error instanceof DatasetFileError) throw error;
        // A call on a file, not one on the network, whose errors are causes of fetch's own: no other mirror will do better.
        if ((error as NodeJS.ErrnoException).syscall) throw writeFailure(part, error);
      }
      const { message, cause } = error as Error;
      failures.push(`${address}: ${cause instanceof Error ? cause.message : message}`);
    }
  }
  throw new DatasetFileError(
    `${file.name} could not be downloaded (${failures.join('; ')}): try again, what has arrived is kept, or give a folder with the IDX files.`,
  );
}

function requireMirrors(mirrors: unknown): void {
  if (!Array.isArray(mirrors)) throw new DatasetError(`the mirrors are ${shown(mirrors)}: give a list of addresses.`);
  if (mirrors.length === 0) {
    throw new DatasetError('the list of mirrors is empty: give at least one address, or leave mirrors out.');
  }
  for (const mirror of mirrors) {
    if (typeof mirror === 'string' && /^https?:/.test(mirror) && URL.canParse(mirror)) continue;
    throw new DatasetError(
      `the mirror ${shown(mirror)} is not an http or https address: give one such as https://host/mnist/.`,
    );
  }
}

/** What timers can wait at most; they end at once where more is asked of them. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

function requireTimeout(timeout: unknown): void {
  if (timeout === undefined || (typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_TIMEOUT)) return;
  throw new DatasetError(
    `the timeout is ${shown(timeout)}: give milliseconds, above 0 and at most ${LONGEST_TIMEOUT}.`,
  );
}

/**
 * Downloads MNIST's four files, checking each one's SHA-256. A transfer that was interrupted goes on where it ended; files that
 * are there already are kept, and several processes may do this at once.
 * @throws DatasetError for an unknown option, mirrors that are no list of addresses, and a timeout out of range
 * @throws DatasetFileError where no mirror gives a file, or the folder has another of its name, or one cannot be written; `cause` is
 * the system's error then
 * @throws the reason of `abort`, and whatever `progress` throws
 */
export async function downloadMnist(options: DownloadOptions): Promise<void> {
  requireOptions(options, 'downloadMnist', DOWNLOAD_NAMES);
  requirePath('the folder of the download', options.folder);
  if (options.mirrors !== undefined) requireMirrors(options.mirrors);
  requireTimeout(options.timeout);
  try {
    await makeFolder(options.folder);
  } catch (error) {
    throw new DatasetFileError(
      `the folder ${options.folder} cannot be made (${(error as Error).message}): give another.`,
      { cause: error },
    );
  }
  const missing: RemoteFile[] = [];
  for (const file of options.files ?? MNIST_FILES) if (!(await isThere(file, options.folder))) missing.push(file);
  for (const file of missing) await downloadFile(file, options);
}
