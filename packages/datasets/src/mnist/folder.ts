import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetFileError } from '../dataset.js';
import { readRegular } from '../files/regular-file.js';
import { type Digits, digitsFromIdx } from './digits.js';
import { readIdx, readIdxShape } from './idx.js';

/** The four files of an IDX set, as MNIST names them. */
export const IDX_FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

type IdxFile = (typeof IDX_FILES)[number];

/**
 * What else the files are called: with a dot, as unpackers name them; QMNIST's and EMNIST's have the set's name in front, the
 * test set is `test`, and labels may have two axes and another type.
 */
const OTHER_NAMES: Readonly<Record<IdxFile, RegExp>> = {
  'train-images-idx3-ubyte': /^(?:.*[-_.])?train-images[-.]idx3-ubyte(?:\.gz)?$/i,
  'train-labels-idx1-ubyte': /^(?:.*[-_.])?train-labels[-.]idx\d-[a-z]+(?:\.gz)?$/i,
  't10k-images-idx3-ubyte': /^(?:.*[-_.])?(?:t10k|test)-images[-.]idx3-ubyte(?:\.gz)?$/i,
  't10k-labels-idx1-ubyte': /^(?:.*[-_.])?(?:t10k|test)-labels[-.]idx\d-[a-z]+(?:\.gz)?$/i,
};

/** The path of a file in a folder, gzipped or not, or undefined where it is missing. */
export function findIdx(folder: string, file: string): string | undefined {
  return [join(folder, file), join(folder, `${file}.gz`)].find((path) => existsSync(path));
}

/** The path of a file by its own name or, where there is none, by the only other name it may have. */
function locate(folder: string, names: readonly string[], file: IdxFile): string {
  const own = findIdx(folder, file);
  if (own) return own;
  // Of a file that is there unpacked too, the unpacked one.
  const isCopy = (name: string) => name.endsWith('.gz') && names.includes(name.slice(0, -'.gz'.length));
  const others = names.filter((name) => OTHER_NAMES[file].test(name) && !isCopy(name));
  const [other, second] = others;
  if (other === undefined) {
    throw new DatasetFileError(
      `the folder ${folder} has no ${file} or ${file}.gz: put the four IDX files of a set there.`,
    );
  }
  if (second !== undefined) {
    throw new DatasetFileError(
      `the folder ${folder} has no ${file}, but ${other} and ${second}: leave the four IDX files of one set there.`,
    );
  }
  return join(folder, other);
}

async function readFileOfSet<T>(path: string, read: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const bytes = await readRegular(path);
  try {
    return await read(bytes);
  } catch (error) {
    throw new DatasetFileError(`${path}: ${(error as Error).message}`);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    throw new DatasetFileError(`the folder ${folder} cannot be read (${(error as Error).message}): give another.`);
  }
}

/**
 * The set in a folder, under MNIST's names or others in use (`train-images.idx3-ubyte`, `qmnist-test-labels-idx2-int.gz`). Only
 * the images are used; labels must be there too, of any type and with one row for each image.
 * @throws DatasetFileError for a missing or damaged file, and where a file could be one of several
 */
export async function readDigitsFolder(folder: string, source: string): Promise<Digits> {
  const names = await namesIn(folder);
  const path = (file: IdxFile) => locate(folder, names, file);
  // All four are there before the first is read.
  const files = {
    training: path('train-images-idx3-ubyte'),
    trainingLabels: path('train-labels-idx1-ubyte'),
    test: path('t10k-images-idx3-ubyte'),
    testLabels: path('t10k-labels-idx1-ubyte'),
  };
  const [training, trainingLabels, test, testLabels] = await Promise.all([
    readFileOfSet(files.training, readIdx),
    readFileOfSet(files.trainingLabels, readIdxShape),
    readFileOfSet(files.test, readIdx),
    readFileOfSet(files.testLabels, readIdxShape),
  ]);
  for (const [images, labels, name] of [
    [training, trainingLabels, 'training'],
    [test, testLabels, 'test'],
  ] as const) {
    if (labels[0] !== images.shape[0]) {
      throw new DatasetFileError(
        `${folder} has ${images.shape[0]} ${name} images but labels [${labels.join(', ')}]: put files of one set there.`,
      );
    }
  }
  try {
    return { ...digitsFromIdx(training, test, source), files: Object.values(files) };
  } catch (error) {
    throw new DatasetFileError(`${folder}: ${(error as Error).message}`);
  }
}
