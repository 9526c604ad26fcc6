/** Does work one after the other, in the order in which it was asked for; at once where none is under way. */
export class Turns {
  #last: Promise<void> | undefined;

  /** Whether no work is under way. */
  get areIdle(): boolean {
    return this.#last === undefined;
  }

  /** Gives what `work` gives; work that fails keeps none of the later from its turn. */
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
