import { shown } from './shown.js';

/** Whether a value is an integer from 0 to 2³² − 1. */
const isWord = (value: unknown): value is number => typeof value === 'number' && value >>> 0 === value;

/**
 * @param what names the value in the message, e.g. `the index of a random key`
 * @throws RangeError unless it is an integer from 0 to 2³² − 1
 */
export function requireWord(what: string, value: unknown): void {
  if (isWord(value)) return;
  throw new RangeError(`${what} is ${shown(value)}: give an integer from 0 to 4294967295.`);
}

/**
 * Other keys would give numbers too, but WebAssembly and JavaScript would disagree on them.
 * @throws RangeError unless it is an array of two integers from 0 to 2³² − 1
 */
export function requireKey(key: unknown): void {
  if (Array.isArray(key) && key.length === 2 && isWord(key[0]) && isWord(key[1])) return;
  const found = Array.isArray(key) && key.length <= 2 ? `[${Array.from(key, shown).join(', ')}]` : shown(key);
  throw new RangeError(`the random key is ${found}: give one of deriveKey, two integers from 0 to 4294967295.`);
}
