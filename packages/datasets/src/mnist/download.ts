import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Abort } from '../abort.js';
import { DatasetError, DatasetFileError } from '../dataset.js';
import { makeFolder } from '../files/make-folder.js';
import { statRegular } from '../files/regular-file.js';
import { type Names, requireOptions, requirePath } from '../options.js';
import { shown } from '../shown.js';
import { MNIST_FILES, MNIST_MIRRORS, type RemoteFile } from './remote-files.js';

export interface DownloadOptions {
  /** Where the files go; made where it is missing. */
  readonly folder: string;
  /** Addresses that end in a slash. Default: {@link MNIST_MIRRORS}. */
  readonly mirrors?: readonly string[];
  /** Default: {@link MNIST_FILES}. */
  readonly files?: readonly RemoteFile[];
  /** Milliseconds without a byte after which a mirror is given up. Default 15,000. */
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

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Bytes of a file, undefined where there is none. */
function length(path: string): number | undefined {
  return statRegular(path)?.size;
}

/** Appends what a mirror has beyond the bytes of `path`; a mirror without ranges starts the file over. */
async function transfer(
  address: string,
  path: string,
  { name, bytes }: RemoteFile,
  { timeout = 15_000, progress, abort }: DownloadOptions,
): Promise<void> {
  const begun = length(path) ?? 0;
  if (begun === bytes) return;
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
    const file = await open(path, resumed ? 'a' : 'w');
    let received = resumed ? begun : 0;
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = setTimeout(stalled, timeout);
        received += chunk.length;
        if (received > bytes) throw new Error(`more than ${bytes} bytes`);
        await file.write(chunk);
        progress?.(name, received, bytes);
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
      await rm(part);
      failures.push(`${address}: the SHA-256 is wrong`);
    } catch (error) {
      abort?.throwIfAborted();
      if (error instanceof DatasetFileError) throw error;
      // A call on a file, not one on the network, whose errors are causes of fetch's own: no other mirror will do better.
      if ((error as NodeJS.ErrnoException).syscall) throw writeFailure(part, error);
      if ((length(part) ?? 0) > file.bytes) await rm(part);
      const { message, cause } = error as Error;
      failures.push(`${address}: ${cause instanceof Error ? cause.message : message}`);
    }
  }
  throw new DatasetFileError(
    `${file.name} could not be downloaded (${failures.join('; ')}): try again, what has arrived is kept, or give a folder with the IDX files.`,
  );
}

/**
 * Downloads MNIST's four files, checking each one's SHA-256. A transfer that was interrupted goes on where it ended; files that
 * are there already are kept.
 * @throws DatasetError for an unknown option and for mirrors that are no list
 * @throws DatasetFileError where no mirror gives a file, or the folder has another of its name, or one cannot be written; `cause` is
 * the system's error then
 * @throws the reason of `abort`
 */
export async function downloadMnist(options: DownloadOptions): Promise<void> {
  requireOptions(options, 'downloadMnist', DOWNLOAD_NAMES);
  requirePath('the folder of the download', options.folder);
  if (options.mirrors !== undefined && !Array.isArray(options.mirrors)) {
    throw new DatasetError(`the mirrors are ${shown(options.mirrors)}: give a list of addresses.`);
  }
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
