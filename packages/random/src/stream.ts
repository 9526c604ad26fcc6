import { requireBound } from './fill.js';
import type { Key } from './key.js';
import { normalFromWord } from './normal.js';
import { shown } from './shown.js';
import { threefryFirst, threefrySecond } from './threefry.js';
import { requireKey } from './words.js';

/** Anything with a length whose elements can be swapped. */
interface Swappable<T> {
  readonly length: number;
  [index: number]: T;
}

/**
 * The first word of a stream's block; the second is left in `threefrySecond`.
 * @throws RangeError after the last of 2³² blocks, beyond which the numbers would repeat
 */
export function firstOfBlock([key0, key1]: Key, block: number): number {
  if (block > 0xffffffff) {
    throw new RangeError('the random stream has given all of its 2^33 words: go on with a stream of another key.');
  }
  return threefryFirst(key0, key1, block, 0) >>> 0;
}

/**
 * Numbers drawn one after the other from a key: word n is what a fill with that key has at n. There are 2³³ of them; every method
 * throws a RangeError where it would need more.
 */
export class RandomStream {
  readonly #key: Key;
  #block = 0;
  /** The second word of the current block, where it has not been drawn yet. */
  #second: number | undefined;

  /** @throws RangeError for a key that is not two unsigned 32-bit words */
  constructor(key: Key) {
    requireKey(key);
    this.#key = key;
  }

  /** An unsigned 32-bit word. */
  uint32(): number {
    if (this.#second !== undefined) {
      const word = this.#second;
      this.#second = undefined;
      return word;
    }
    const word = firstOfBlock(this.#key, this.#block++);
    this.#second = threefrySecond >>> 0;
    return word;
  }

  /** A uniform from [0, 1), a multiple of 2⁻²⁴. */
  uniform(): number {
    return (this.uint32() >>> 8) / 0x1000000;
  }

  /** A standard normal. */
  normal(): number {
    return normalFromWord(this.uint32());
  }

  /**
   * An integer from 0 to `bound` − 1, without bias: words that would favour some values are drawn again.
   * @throws RangeError for a bound that is not an integer from 1 to 2³²
   */
  integer(bound: number): number {
    requireBound(bound);
    const limit = 0x100000000 - (0x100000000 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }

  /** Puts the elements of `array` into a random order (Fisher and Yates), in place. */
  shuffle<T, A extends Swappable<T>>(array: A): A {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = array[i] as T;
      array[i] = array[j] as T;
      array[j] = swapped;
    }
    return array;
  }
}

/**
 * A random order of 0 … `length` − 1.
 * @throws RangeError for a length that is not an integer from 0 to 2³², and for a key that is not two unsigned 32-bit words
 */
export function permutation(key: Key, length: number): Uint32Array {
  if (!Number.isInteger(length) || length < 0 || length > 0x100000000) {
    throw new RangeError(`the length of a random order is ${shown(length)}: give an integer from 0 to 4294967296.`);
  }
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  return new RandomStream(key).shuffle<number, Uint32Array>(order);
}
