import { MetricInputError } from './errors.js';
import { describe } from './labels.js';

/** @throws MetricInputError unless `size` is an integer of at least `least` */
export function requireSize(name: string, size: number, least: number): number {
  if (Number.isSafeInteger(size) && size >= least) return size;
  throw new MetricInputError(name, `${name} is ${describe(size)}, but it must be an integer of at least ${least}.`);
}

/** @throws MetricInputError unless `array` is as long as the product of `sizes` */
export function requireLength(name: string, array: ArrayLike<unknown>, shape: string, sizes: readonly number[]): void {
  const length = sizes.reduce((product, size) => product * size, 1);
  if (array.length === length) return;
  throw new MetricInputError(
    name,
    `${name} has ${array.length} entries, but ${shape} = [${sizes.join(', ')}] needs ${length}; pass an array of that shape.`,
  );
}
