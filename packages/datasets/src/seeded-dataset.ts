import { deriveKey, foldIn, RandomStream } from '@nem/random';
import {
  type Dataset,
  type DrawnDataset,
  type Json,
  requireIndex,
  type Samples,
  SPLITS,
  type Split,
  type SplitSizes,
  splitSizes,
  withSample,
} from './dataset.js';
import { requireSeed } from './options.js';

/** Options of every dataset that is drawn from random numbers. */
export interface SeededOptions {
  /** Safe integer, 0 or more. Default 0. */
  readonly seed?: number;
  readonly sizes?: Partial<SplitSizes>;
}

/** One value for each split. */
export function bySplit<T>(value: (split: Split) => T): Readonly<Record<Split, T>> {
  const [training, validation, test] = SPLITS.map(value) as [T, T, T];
  return { training, validation, test };
}

/** The options that samples depend on, as a run records them: of digits where they are from. */
function recorded({ sizes: _, ...options }: SeededOptions): Readonly<Record<string, Json>> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, key === 'digits' ? sourceOf(value) : value]));
}

const sourceOf = (digits: unknown): Json => (digits as { readonly source: string }).source;

/**
 * A dataset whose samples are each drawn from a random stream of their own, keyed by (seed, split, index).
 * @param purpose of the keys: other purposes give other samples
 * @param drawSample writes every pixel of one sample
 * @throws DatasetError for a split size or a seed out of range
 */
export function seededDataset(
  { purpose, ...properties }: Omit<DrawnDataset, 'sizes' | 'draw' | 'options'> & { readonly purpose: string },
  options: SeededOptions,
  drawSample: (random: RandomStream, split: Split, out: Samples, position: number) => void,
): Dataset {
  const { seed = 0 } = options;
  requireSeed(seed);
  const sizes = splitSizes(options.sizes);
  const keys = bySplit((split) => deriveKey(seed, `${purpose}/${split}`));
  return withSample({
    ...properties,
    options: recorded(options),
    sizes,
    draw(split: Split, index: number, out: Samples, position: number) {
      requireIndex({ name: properties.name, sizes }, split, index);
      drawSample(new RandomStream(foldIn(keys[split], index)), split, out, position);
    },
  });
}
