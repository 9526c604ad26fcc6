import { optionsFault } from '@nem/datasets';
import { UsageError } from './errors.js';

/** Every name that an object of type `T` may have. */
export type Names<T> = Readonly<Record<keyof T & string, true>>;

/**
 * @param what whose options they are, e.g. `fit`
 * @throws UsageError unless `options` is an object of no other names: a misspelt name is an error
 */
export function requireOptions<T extends object>(options: T, what: string, names: Names<T>): void {
  const fault = optionsFault(options, what, names);
  if (fault) throw new UsageError(fault.reason, fault.remedy);
}
