import * as tf from '@tensorflow/tfjs-core';

/** Sums gradients by parameter name over the steps of a sequence; owns its tensors until {@link GradientSums.dispose}. */
export class GradientSums {
  readonly #sums = new Map<string, tf.Tensor>();

  /** Adds `gradient`, which the caller's scope may dispose. */
  add(name: string, gradient: tf.Tensor): void {
    const sum = this.#sums.get(name);
    this.#sums.set(name, tf.keep(sum ? tf.add(sum, gradient) : tf.clone(gradient)));
    sum?.dispose();
  }

  get(name: string): tf.Tensor | undefined {
    return this.#sums.get(name);
  }

  dispose(): void {
    for (const sum of this.#sums.values()) sum.dispose();
    this.#sums.clear();
  }
}
