import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetFileError } from '../dataset.js';
import { readRegular } from '../regular-file.js';
import { type Digits, digitsFromIdx } from './digits.js';
import { type IdxArray, readIdx } from './idx.js';

/** The four files of an IDX set, as MNIST names them. */
export const IDX_FILES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

/** The path of a file in a folder, gzipped or not, or undefined where it is missing. */
export function findIdx(folder: string, file: string): string | undefined {
  return [join(folder, file), join(folder, `${file}.gz`)].find((path) => existsSync(path));
}

async function readFileOfSet(folder: string, file: string): Promise<IdxArray> {
  const path = findIdx(folder, file);
  if (!path) {
    throw new DatasetFileError(
      `the folder ${folder} has no ${file} or ${file}.gz: put the four IDX files of a set there.`,
    );
  }
  const bytes = await readRegular(path);
  try {
    return await readIdx(bytes);
  } catch (error) {
    throw new DatasetFileError(`${path}: ${(error as Error).message}`);
  }
}

/**
 * The set in a folder. Only the images are used; the labels must be there too, with one for each image.
 * @throws DatasetFileError for a missing or damaged file
 */
export async function readDigitsFolder(folder: string, source: string): Promise<Digits> {
  const [training, trainingLabels, test, testLabels] = (await Promise.all(
    IDX_FILES.map((file) => readFileOfSet(folder, file)),
  )) as [IdxArray, IdxArray, IdxArray, IdxArray];
  for (const [images, labels, name] of [
    [training, trainingLabels, 'training'],
    [test, testLabels, 'test'],
  ] as const) {
    if (labels.shape.length !== 1 || labels.shape[0] !== images.shape[0]) {
      throw new DatasetFileError(
        `${folder} has ${images.shape[0]} ${name} images but labels [${labels.shape.join(', ')}]: put files of one set there.`,
      );
    }
  }
  try {
    return digitsFromIdx(training, test, source);
  } catch (error) {
    throw new DatasetFileError(`${folder}: ${(error as Error).message}`);
  }
}
