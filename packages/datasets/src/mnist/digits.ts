import { DatasetError, DatasetFileError, type Split } from '../dataset.js';
import { shown } from '../shown.js';
import type { Sprite } from '../sprite.js';
import type { IdxArray } from './idx.js';

/** A set of equally large grey images in two files: MNIST, Fashion-MNIST or any other. */
export interface Digits {
  /** What it is and where it came from, for a person to read. */
  readonly source: string;
  /** Rows and columns of an image. */
  readonly height: number;
  readonly width: number;
  /** Images [n, height, width] of the training file; 0 is black, 255 white. Training and validation draw from them. */
  readonly training: Uint8Array;
  /** Images [n, height, width] of the test file. */
  readonly test: Uint8Array;
  /** Paths of the files that they were read from, labels too, also of those in `@nem/digits`. Absent: they are from no files. */
  readonly files?: readonly string[];
}

/** One training image in so many is kept for validation: 10,000 of MNIST's 60,000. */
const VALIDATION_EVERY = 6;

function requireImages(file: string, { shape }: IdxArray): [count: number, height: number, width: number] {
  const [count = 0, height = 0, width = 0] = shape;
  const usable = (size: number) => size >= 2 && size <= 256;
  if (shape.length !== 3 || !usable(height) || !usable(width)) {
    throw new DatasetFileError(
      `the ${file} file has the shape [${shape.join(', ')}]: give images [count, 2–256 rows, 2–256 columns].`,
    );
  }
  if (count < VALIDATION_EVERY) {
    throw new DatasetFileError(`the ${file} file has ${count} images: give at least ${VALIDATION_EVERY}.`);
  }
  return [count, height, width];
}

/**
 * Digits from the two image files of a set.
 * @throws DatasetFileError for files that hold no images, too few, or images of different sizes
 */
export function digitsFromIdx(training: IdxArray, test: IdxArray, source: string): Digits {
  const [, height, width] = requireImages('training', training);
  const [, testHeight, testWidth] = requireImages('test', test);
  if (height !== testHeight || width !== testWidth) {
    throw new DatasetFileError(
      `the training images are ${height}×${width} but the test images ${testHeight}×${testWidth}: give files of one set.`,
    );
  }
  return { source, height, width, training: training.data, test: test.data };
}

/** @throws DatasetError for anything but digits, which a caller without types may give */
export function requireDigits(digits: unknown): asserts digits is Digits {
  const { height, width, training, test } = Object(digits) as Partial<Digits>;
  const sizes = Number.isInteger(height) && Number.isInteger(width);
  if (sizes && ArrayBuffer.isView(training) && ArrayBuffer.isView(test)) return;
  throw new DatasetError(`the digits are ${shown(digits)}: give what loadDigits or digitsFromIdx returns.`);
}

/** Number of different digits that a split draws from. */
export function poolSize({ training, test, height, width }: Digits, split: Split): number {
  if (split === 'test') return Math.floor(test.length / (height * width));
  const images = Math.floor(training.length / (height * width));
  const validation = Math.floor(images / VALIDATION_EVERY);
  return split === 'validation' ? validation : images - validation;
}

/**
 * The pixels of digit `index` of a split's pool. Of the training file's images every sixth (numbers 5, 11, 17 …) belongs to
 * validation and the rest to training, so that no digit is in two splits and both splits have every class even where the
 * file is sorted by class.
 */
export function poolImage(digits: Digits, split: Split, index: number): Uint8Array {
  const size = digits.height * digits.width;
  const last = VALIDATION_EVERY - 1;
  let image = index;
  if (split === 'validation') image = index * VALIDATION_EVERY + last;
  else if (split === 'training') image = index + Math.floor(index / last);
  return digits[split === 'test' ? 'test' : 'training'].subarray(image * size, (image + 1) * size);
}

/** A digit at half its size: every pixel is the mean of 2×2 pixels, in [0, 1]. A last odd row or column is left out. */
export function digitSprite(
  image: Uint8Array,
  imageHeight: number,
  imageWidth: number,
  groupThreshold?: number,
): Sprite {
  const height = imageHeight >> 1;
  const width = imageWidth >> 1;
  const pixels: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = 2 * (row * imageWidth + column);
      const sum = image[at]! + image[at + 1]! + image[at + imageWidth]! + image[at + imageWidth + 1]!;
      if (sum === 0) continue;
      pixels.push(row, column);
      values.push(sum / 1020);
    }
  }
  return { height, width, pixels: Int16Array.from(pixels), values: Float32Array.from(values), groupThreshold };
}
