import { ReportError } from './report-error.js';

/** Every name that an object of type `T` may have. */
export type Names<T> = Readonly<Record<keyof T & string, true>>;

/** The pairs of neighbouring letters that two names share, as a part of the shorter one's. */
function likeness(name: string, other: string): number {
  const pairs = Array.from(name.slice(1), (_, i) => name.slice(i, i + 2).toLowerCase());
  const shared = pairs.filter((pair) => other.toLowerCase().includes(pair));
  return shared.length && shared.length / (Math.min(name.length, other.length) - 1);
}

/**
 * As `@nem/datasets` refuses options; this package imports no other one.
 * @param what whose options they are, e.g. `overviewSvg`
 * @throws ReportError unless `options` is an object of no other names: a misspelt name is an error
 */
export function requireOptions<T extends object>(options: T, what: string, names: Names<T>): void {
  const list = Object.keys(names);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ReportError(`the options of ${what} are no object: give an object with any of ${list.join(', ')}.`);
  }
  const name = Object.keys(options).find((key) => !Object.hasOwn(names, key));
  if (name === undefined) return;
  const [near = ''] = [...list].sort((a, b) => likeness(name, b) - likeness(name, a));
  const hint = likeness(name, near) >= 0.5 ? ` (did you mean ${near}?)` : '';
  throw new ReportError(`${what} has no option '${name.slice(0, 60)}'${hint}: give any of ${list.join(', ')}.`);
}
