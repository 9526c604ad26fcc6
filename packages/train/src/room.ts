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
    if (this.#array.length < length) this.#array = this.#make(length);
    return this.#array.subarray(0, length) as A;
  }
}
