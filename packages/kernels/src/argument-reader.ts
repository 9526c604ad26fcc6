import { KernelsError } from './kernels-error.js';

/** `length` floats of the arena from `offset` on. */
export interface Range {
  readonly what: string;
  readonly offset: number;
  readonly length: number;
}

/** Longest side of an image or a window, so that a place in an image is a number of 32 bits. */
const LONGEST_SIDE = 2 ** 15;

/** Reads an instruction's arguments in order, as the C code does. */
export class ArgumentReader {
  readonly #words: Int32Array;
  #next = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** @throws KernelsError beyond the last one, or for one below the minimum or above the maximum */
  integer(what: string, minimum = 0, maximum = 2 ** 31 - 1): number {
    const value = this.#words[this.#next++];
    if (value === undefined) throw new KernelsError(`An instruction ends before its ${what}.`);
    if (value < minimum)
      throw new KernelsError(`An instruction's ${what} is ${value}: it must be at least ${minimum}.`);
    if (value > maximum) throw new KernelsError(`An instruction's ${what} is ${value}: it must be at most ${maximum}.`);
    return value;
  }

  /**
   * A side of an image or a window, or a margin.
   * @throws KernelsError beyond the last one, or for one that is too short or too long
   */
  side(what: string, minimum = 1): number {
    return this.integer(what, minimum, LONGEST_SIDE);
  }

  /** Throws where arguments are left over. */
  end(): void {
    if (this.#next !== this.#words.length) throw new KernelsError('An instruction has words after its last argument.');
  }
}
