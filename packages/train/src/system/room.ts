/** What outgrows its memory, such as a checkpoint with the lines of its log, will do so again: by how much more is made. */
const GROWTH = 1.25;

/** Memory that is used again and again, and made anew only where more of it is asked for. */
export class Room<A extends Float32Array | Uint8Array> {
  readonly #make: (length: number) => A;
  #array: A;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#array = make(0);
  }

  /** An array of `length`, with whatever is in it; the one taken before is lost. */
  take(length: number): A {
    const { length: present } = this.#array;
    if (present < length) this.#array = this.#make(Math.max(length, Math.ceil(present * GROWTH)));
    return this.#array.subarray(0, length) as A;
  }
}
