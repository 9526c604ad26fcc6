import { KernelsError } from './kernels-error.js';

/** `length` floats of the arena from `offset` on. */
export interface Range {
  readonly what: string;
  readonly offset: number;
  readonly length: number;
}

/** Reads an operation's arguments in order, as the C code does. */
export class ArgumentReader {
  readonly #words: Int32Array;
  #next = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** @throws KernelsError beyond the last one, or for one below the minimum */
  integer(what: string, minimum = 0): number {
    const value = this.#words[this.#next++];
    if (value === undefined) throw new KernelsError(`An operation ends before its ${what}.`);
    if (value < minimum) throw new KernelsError(`An operation's ${what} is ${value}: it must be at least ${minimum}.`);
    return value;
  }

  /** Throws where arguments are left over. */
  end(): void {
    if (this.#next !== this.#words.length) throw new KernelsError('An operation has words after its last argument.');
  }
}
