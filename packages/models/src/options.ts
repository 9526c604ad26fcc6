import { ModelError } from './model-error.js';

/** The names that an object of options `T` may have. */
export type Names<T> = Readonly<Record<keyof T & string, true>>;

/**
 * @param what whose options they are, e.g. 'loadModel'
 * @throws ModelError unless `options` is an object of no other names: a misspelt name is an error
 */
export function requireOptions(options: unknown, what: string, names: Readonly<Record<string, true>>): void {
  const list = Object.keys(names).join(', ');
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ModelError(`the options of ${what} are no object: give one with any of ${list}.`);
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  throw new ModelError(`${what} has no option '${unknown.slice(0, 60)}': give any of ${list}.`);
}
