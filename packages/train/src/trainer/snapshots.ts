import type { Engine } from '@nem/core';
import { notFiniteWeights } from './not-finite.js';
import { readWeights, type TrainingState, type Weights } from './state.js';

/** Updates between two snapshots. */
const INTERVAL = 64;

/** Finite weights of one moment. */
export interface Snapshot {
  readonly state: TrainingState;
  readonly weights: Weights;
}

/**
 * Copies of the weights in memory, one every so many updates: checkpoints are made of them, and the cause of a value that is not
 * finite is looked for from the newest on.
 */
export class Snapshots {
  readonly #engine: Engine;
  #newest: Snapshot;
  /** Memory for the next one's weights. */
  #spare: Weights | undefined;

  private constructor(engine: Engine, first: Snapshot) {
    this.#engine = engine;
    this.#newest = first;
  }

  /** Takes the first one. */
  static async begin(engine: Engine, state: TrainingState): Promise<Snapshots> {
    return new Snapshots(engine, { state, weights: await readWeights(engine) });
  }

  get newest(): Snapshot {
    return this.#newest;
  }

  /** Whether it is time for another. */
  isDue({ update }: TrainingState): boolean {
    return update - this.#newest.state.update >= INTERVAL;
  }

  /**
   * The weights at `state`, where the engine stands; copied once an update.
   * @param explain ends training where they are not finite, of which it is told the first tensor
   */
  async take(state: TrainingState, explain: (tensor: string) => Promise<never>): Promise<Weights> {
    if (this.#newest.state.update === state.update) {
      this.#newest = { ...this.#newest, state };
      return this.#newest.weights;
    }
    const weights = await readWeights(this.#engine, this.#spare);
    const tensor = notFiniteWeights(weights);
    if (tensor) await explain(tensor);
    this.#spare = this.#newest.weights;
    this.#newest = { state, weights };
    return weights;
  }
}
