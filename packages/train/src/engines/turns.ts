/** Does pieces of work one after the other, in the order in which they were asked for; the first begins at once. */
export class Turns {
  #last: Promise<void> | undefined;

  /** Whether no work is under way. */
  get areIdle(): boolean {
    return this.#last === undefined;
  }

  /** Gives the result of `work`, and rejects as it does. Work that fails does not keep later work from its turn. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last ? this.#last.then(work) : work();
    const end = () => {
      if (this.#last === last) this.#last = undefined;
    };
    const last = result.then(end, end);
    this.#last = last;
    return result;
  }
}
