import { shown, shownOrMissing } from './shown.js';

/** The first part of a specification that is not what it may be. */
export interface SpecFault {
  /** From the specification's root to the part, e.g. `['output', '0', 'size']`. */
  readonly path: readonly string[];
  /** What is found there; undefined where it is missing. */
  readonly value: unknown;
  /** The names of the fields that `value` should not have, at least one; absent where `value` itself is wrong. */
  readonly unknownFields?: readonly string[];
  /** What to do, e.g. `give an integer of at least 1.` */
  readonly remedy: string;
}

/** Finds the first fault of a value. Specifications may come from a file or from JavaScript: nothing is taken for granted. */
export type Check = (value: unknown, path?: readonly string[]) => SpecFault | undefined;

/** A check for each field of a specification except its `type`. */
export type Fields<S> = { readonly [F in Exclude<keyof S, 'type'>]-?: Check };

/** @param remedy what to give, e.g. `give true or false.` */
export const kind =
  (remedy: string, accepts: (value: unknown) => boolean): Check =>
  (value, path = []) =>
    accepts(value) ? undefined : { path, value, remedy };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;

/** `a, b or c`. */
export const alternatives = (names: readonly string[]) =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

export const count = kind('give an integer of at least 1.', isCount);
export const flag = kind('give true or false.', (value) => typeof value === 'boolean');
export const finite = kind('give a finite number.', isNumber);
export const positive = kind('give a number above 0.', (value) => isNumber(value) && value > 0);
export const notNegative = kind('give a number of at least 0.', (value) => isNumber(value) && value >= 0);
export const probability = kind(
  'give a number of at least 0 and at most 1.',
  (value) => isNumber(value) && value >= 0 && value <= 1,
);
export const counts = kind(
  'give a list of integers of at least 1, e.g. [24, 24, 1].',
  (value) => Array.isArray(value) && value.length > 0 && Array.from(value).every(isCount),
);
export const imageSize = kind(
  'give [height, width] in pixels, e.g. [28, 28].',
  (value) => Array.isArray(value) && value.length === 2 && Array.from(value).every(isCount),
);
export const anObject = kind('give an object.', isObject);
export const finites = kind(
  'give a list of at least one finite number.',
  (value) => Array.isArray(value) && value.length > 0 && Array.from(value).every(isNumber),
);

/** A field that may be left out. */
export const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

/**
 * An object that has these fields and no others.
 * @param others names of fields that are checked elsewhere
 */
export function object(fields: Readonly<Record<string, Check>>, others: readonly string[] = []): Check {
  const names = [...others, ...Object.keys(fields)];
  return (value, path = []) => {
    if (!isObject(value)) {
      return { path, value, remedy: `give an object with the field${names[1] ? 's' : ''} ${names.join(', ')}.` };
    }
    const unknownFields = Object.keys(value).filter((name) => !names.includes(name) && value[name] !== undefined);
    if (unknownFields.length > 0) {
      const them = unknownFields.length > 1 ? 'them' : 'it';
      return { path, value, unknownFields, remedy: `remove ${them}; the known fields are ${names.join(', ')}.` };
    }
    return firstOf(Object.entries(fields), ([name, check]) => check(value[name], [...path, name]));
  };
}

/** A list of as many entries as there are. */
export const listOf =
  (what: string, check: Check): Check =>
  (value, path = []) =>
    Array.isArray(value)
      ? firstOf(Array.from(value).entries(), ([i, entry]) => check(entry, [...path, String(i)]))
      : { path, value, remedy: `give a list of ${what}.` };

/**
 * An object whose field `type` names an entry of `table`, the checks of its other fields.
 * @param show a type as messages have it. Default: as it is
 */
export function variant(
  table: Readonly<Record<string, Readonly<Record<string, Check>>>>,
  show = (type: string) => type,
): Check {
  const types = alternatives(Object.keys(table).map(show));
  return (value, path = []) => {
    if (!isObject(value)) return { path, value, remedy: `give an object whose type is ${types}.` };
    const { type } = value;
    const fields = typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined;
    if (fields) return object(fields, ['type'])(value, path);
    return { path: [...path, 'type'], value: type, remedy: `use ${types}.` };
  };
}

function firstOf<T>(entries: Iterable<T>, check: (entry: T) => SpecFault | undefined): SpecFault | undefined {
  for (const entry of entries) {
    const fault = check(entry);
    if (fault) return fault;
  }
  return undefined;
}

const isIndex = (name: string) => /^\d+$/.test(name);

/** A part of a specification in words, e.g. `the size of output.0`. */
function partName(path: readonly string[], whole: string): string {
  const last = path.at(-1);
  if (last === undefined) return whole;
  const owner = path.slice(0, -1).join('.');
  return isIndex(last) ? path.join('.') : `the ${last} of ${owner || whole}`;
}

/**
 * A fault as one sentence with field, value and remedy.
 * @param whole what the specification is of, e.g. `the network`
 */
export function faultSentence({ path, value, unknownFields, remedy }: SpecFault, whole: string): string {
  const owner = path.join('.') || whole;
  if (unknownFields) {
    const fields = unknownFields.length > 1 ? 'fields' : 'field';
    return `${owner} has the unknown ${fields} ${unknownFields.map((name) => shown(name)).join(', ')}: ${remedy}`;
  }
  if (path.at(-1) === 'type' && typeof value === 'string') {
    return `${path.slice(0, -1).join('.') || whole} has the unknown type ${shown(value)}: ${remedy}`;
  }
  return `${partName(path, whole)} is ${shownOrMissing(value)}: ${remedy}`;
}
