import { deriveKey, foldIn, RandomStream } from '@nem/random';
import {
  type Dataset,
  requireIndex,
  type Samples,
  SPLITS,
  type Split,
  type SplitSizes,
  splitSizes,
} from './dataset.js';

/** Options of every dataset that is drawn from random numbers. */
export interface SeededOptions {
  /** Default 0. */
  readonly seed?: number;
  readonly sizes?: Partial<SplitSizes>;
}

/** One value for each split. */
export function bySplit<T>(value: (split: Split) => T): Readonly<Record<Split, T>> {
  const [training, validation, test] = SPLITS.map(value) as [T, T, T];
  return { training, validation, test };
}

/**
 * A dataset whose samples are each drawn from a random stream of their own, keyed by (seed, split, index).
 * @param purpose of the keys: other purposes give other samples
 * @param drawSample writes every pixel of one sample
 * @throws DatasetError for a split size out of range
 */
export function seededDataset(
  { purpose, ...properties }: Omit<Dataset, 'sizes' | 'draw'> & { readonly purpose: string },
  { seed = 0, sizes: wanted }: SeededOptions,
  drawSample: (random: RandomStream, split: Split, out: Samples, position: number) => void,
): Dataset {
  const sizes = splitSizes(wanted);
  const keys = bySplit((split) => deriveKey(seed, `${purpose}/${split}`));
  return {
    ...properties,
    sizes,
    draw(split: Split, index: number, out: Samples, position: number) {
      requireIndex({ name: properties.name, sizes }, split, index);
      drawSample(new RandomStream(foldIn(keys[split], index)), split, out, position);
    },
  };
}
