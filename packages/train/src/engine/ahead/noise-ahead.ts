import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine, EngineSpec, FrameBatch, Inference, NamedArrays, OptimizerState, Randomness } from '@nem/core';
import type { DrawnRandomness } from './drawn-inputs.js';
import { NoiseThread } from './noise-thread.js';

/** A step whose noise is being drawn. */
interface Ahead {
  readonly batch: FrameBatch;
  readonly randomness: Randomness;
  /** undefined where the thread has ended: the engine then draws for itself. */
  readonly drawn: Promise<DrawnRandomness | undefined>;
}

/** An engine that keeps its thread busy, and a thread beside it that draws the next step's noise meanwhile: the same bits. */
class NoiseAhead implements Engine {
  readonly name: string;
  readonly device: string | undefined;
  readonly #engine: Engine;
  readonly #spec: EngineSpec;
  #thread: NoiseThread | undefined;
  #ahead: Ahead | undefined;

  constructor(engine: Engine, spec: EngineSpec) {
    this.name = engine.name;
    this.device = engine.device;
    this.#engine = engine;
    this.#spec = spec;
  }

  prepare(batch: FrameBatch, randomness: Randomness): void {
    // What was asked for before is not taken: it stays where it is, and the engine draws for this one.
    if (this.#ahead || !('noise' in randomness)) return;
    this.#thread ??= new NoiseThread(this.#spec);
    const drawn = this.#thread.draw(batch, randomness).catch(() => undefined);
    this.#ahead = { batch, randomness, drawn };
  }

  async trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    // The caller draws and prepares the next batch in them: once the step is computed on it, this thread lets nobody in.
    await nextTurn();
    await nextTurn();
    const drawn = await ahead?.drawn;
    const wanted = ahead?.batch === batch && ahead.randomness === randomness ? drawn : undefined;
    const step = await this.#engine.trainStep(batch, wanted ?? randomness);
    if (drawn) this.#thread?.giveBack(drawn);
    return step;
  }

  gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }> {
    return this.#engine.gradients(batch, randomness);
  }

  infer(batch: FrameBatch, randomness: Randomness, options?: { steps?: 'last' | 'all' }): Promise<Inference> {
    return this.#engine.infer(batch, randomness, options);
  }

  parameters(out?: NamedArrays): Promise<NamedArrays> {
    return this.#engine.parameters(out);
  }

  setParameters(parameters: NamedArrays): void {
    this.#engine.setParameters(parameters);
  }

  optimizerState(out?: OptimizerState): Promise<OptimizerState> {
    return this.#engine.optimizerState(out);
  }

  setOptimizerState(state: OptimizerState): void {
    this.#engine.setOptimizerState(state);
  }

  dispose(): void {
    this.#thread?.terminate();
    this.#engine.dispose();
  }
}

/** `engine`, made for `spec`, with a thread that draws the noise of prepared steps. */
export function withNoiseAhead(engine: Engine, spec: EngineSpec): Engine {
  return new NoiseAhead(engine, spec);
}
