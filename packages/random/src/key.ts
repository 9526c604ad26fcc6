import { shown } from './shown.js';
import { threefry2x32 } from './threefry.js';
import { requireWord } from './words.js';

/** Two unsigned 32-bit words that determine a sequence of random numbers. */
export type Key = readonly [number, number];

/** FNV-1a of the UTF-16 code units of `text`, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

const requireIndex = (index: number) => requireWord('the index of a random key', index);

/**
 * The key of (seed, purpose, index): the Threefry block with counter (FNV-1a of `purpose`, `index`) under the seed's two words.
 * @param seed safe integer, 0 or more; all of its bits count
 * @param purpose what the numbers are for, e.g. 'noise': other purposes give independent numbers
 * @param index integer from 0 to 2³² − 1, e.g. of an update. Default 0
 * @throws RangeError for a seed or an index out of range, and for a purpose that is not a string
 */
export function deriveKey(seed: number, purpose: string, index = 0): Key {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`the seed is ${shown(seed)}: give an integer from 0 to ${Number.MAX_SAFE_INTEGER}.`);
  }
  if (typeof purpose !== 'string') {
    throw new RangeError(`the purpose of a random key is ${shown(purpose)}: give a text.`);
  }
  requireIndex(index);
  return threefry2x32([seed >>> 0, Math.floor(seed / 0x100000000)], hash(purpose), index);
}

/**
 * The `index`-th key under `key`.
 * @param index integer from 0 to 2³² − 1
 * @throws RangeError for an index out of range, and for a key that is not two unsigned 32-bit words
 */
export function foldIn(key: Key, index: number): Key {
  requireIndex(index);
  return threefry2x32(key, index, 0xffffffff);
}
