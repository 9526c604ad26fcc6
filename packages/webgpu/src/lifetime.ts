import { DisposedError } from '@nem/core';

/** Whether an engine may still be used. A call that waits for something asks again afterwards: it may have been disposed of meanwhile. */
export class Lifetime {
  #isOver = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  /** @throws DisposedError after {@link end} */
  check(): void {
    if (this.#isOver) throw new DisposedError("the engine 'webgpu' has been disposed of: create another one.");
  }
}
