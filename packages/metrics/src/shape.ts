import { MetricInputError } from './errors.js';
import { describe } from './labels.js';

/** @throws MetricInputError unless `size` is an integer of at least `least` */
export function requireSize(name: string, size: number, least: number): number {
  if (Number.isSafeInteger(size) && size >= least) return size;
  throw new MetricInputError(name, `${name} is ${describe(size)}, but it must be an integer of at least ${least}.`);
}

/**
 * @param type where given, the type of array it must be
 * @throws MetricInputError unless `array` is as long as the product of `sizes`
 */
export function requireLength(
  name: string,
  array: ArrayLike<unknown>,
  shape: string,
  sizes: readonly number[],
  type = '',
): void {
  const length = sizes.reduce((product, size) => product * size, 1);
  const typed = !type || (array as Partial<Int32Array>)?.[Symbol.toStringTag] === type;
  if (typed && array?.length === length) return;
  const found = typed && Object(array) === array ? `has ${describe(array.length)} entries` : `is ${describe(array)}`;
  throw new MetricInputError(
    name,
    `${name} ${found}, but ${shape} = [${sizes.join(', ')}] needs ${length}${typed ? '' : ` as ${type}`}; pass an array of that shape.`,
  );
}

/** @throws MetricInputError unless every entry is a number: not a text, not a hole */
export function requireNumbers(name: string, array: ArrayLike<unknown>): void {
  // Floats are numbers: only what a caller without types may give is looked at entry by entry.
  if (array instanceof Float32Array || array instanceof Float64Array) return;
  for (let i = 0; i < array.length; i++) {
    if (typeof array[i] === 'number') continue;
    throw new MetricInputError(name, `${name}[${i}] is ${describe(array[i])}, but it must be a number; pass floats.`);
  }
}
