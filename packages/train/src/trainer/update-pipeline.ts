import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine, FrameBatch, Randomness } from '@nem/core';
import { allocateSamples, type Dataset, drawSamples, type Samples } from '@nem/datasets';
import { randomness, toBatch } from '../engines/inputs.js';
import { type EpochOrder, epochOrder } from './epoch-order.js';
import { later, type TrainingState } from './state.js';

/** What an update is made from. */
interface UpdateInputs {
  /** The training samples of its batch. */
  readonly indices: Uint32Array;
  readonly batch: FrameBatch;
  readonly keys: Randomness;
}

interface PipelineOptions {
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly seed: number;
  /** Inputs of an epoch. Default: all */
  readonly epochInputs?: number;
}

/**
 * The updates of an epoch on their way through an engine: the inputs of the next one are drawn while it computes, and where it
 * queues updates up, several are under way. Losses come in the order in which updates were asked for.
 */
export class UpdatePipeline {
  readonly #options: PipelineOptions;
  /** Most updates that may be under way: more than one where the engine queues them up. */
  readonly #most: number;
  /** Losses of the updates that the engine was asked for, the oldest first. */
  readonly #flight: Promise<{ loss: number }>[] = [];
  /** Room for the batches under way and the next one, used again and again. */
  readonly #samples: (Samples | undefined)[] = [];
  /** The next update's inputs. */
  #ahead: { readonly update: number; readonly inputs: UpdateInputs } | undefined;
  #order: EpochOrder;

  constructor(options: PipelineOptions, epoch: number) {
    this.#options = options;
    this.#most = options.engine.stepsInFlight ?? 1;
    this.#order = this.#orderOf(epoch);
  }

  #orderOf(epoch: number): EpochOrder {
    const { dataset, batchSize, seed, epochInputs } = this.#options;
    return epochOrder({ size: dataset.sizes.training, batchSize, seed, epoch, epochInputs });
  }

  /** Goes over to another epoch; no update may be under way. */
  startEpoch(epoch: number): void {
    this.#order = this.#orderOf(epoch);
  }

  /** Updates of an epoch. */
  get length(): number {
    return this.#order.length;
  }

  /** Updates under way. */
  get inFlight(): number {
    return this.#flight.length;
  }

  /** Whether the oldest update must be settled before another one is asked for. */
  get isFull(): boolean {
    return this.#flight.length >= this.#most;
  }

  /** The inputs of the update after `state`. They are overwritten once as many more have been drawn as may be under way. */
  inputsOf({ step, update }: TrainingState): UpdateInputs {
    const { dataset, seed } = this.#options;
    const indices = this.#order.indices(step);
    const turn = update % (this.#most + 1);
    const kept = this.#samples[turn];
    const samples = kept?.count === indices.length ? kept : allocateSamples(dataset, indices.length);
    this.#samples[turn] = samples;
    const batch = toBatch(drawSamples(dataset, 'training', indices, samples));
    return { indices, batch, keys: randomness(seed, 'training', update) };
  }

  /** Asks for the update after `state`, and draws the inputs of the one after it while the engine computes. */
  async ask(state: TrainingState): Promise<void> {
    const { batch, keys } = this.#ahead?.update === state.update ? this.#ahead.inputs : this.inputsOf(state);
    const asked = this.#options.engine.trainStep(batch, keys);
    // It is awaited later: a failure until then is no unhandled one.
    asked.catch(() => undefined);
    this.#flight.push(asked);
    await this.#drawAhead(later(state, 1));
  }

  /** Draws the inputs of the update after `state`, where this epoch has one. */
  async #drawAhead(state: TrainingState): Promise<void> {
    // Engines that take their work up later (webgpu waits for its plan) submit it first.
    await nextTurn();
    this.#ahead = state.step < this.length ? { update: state.update, inputs: this.inputsOf(state) } : undefined;
    if (this.#ahead) this.#options.engine.prepare?.(this.#ahead.inputs.batch, this.#ahead.inputs.keys);
  }

  /** Waits for the oldest update under way, and gives its loss. */
  async settle(): Promise<number> {
    const oldest = this.#flight[0];
    if (!oldest) throw new Error('no update is under way');
    const { loss } = await oldest;
    this.#flight.shift();
    return loss;
  }

  /** Waits until no update is under way, whatever becomes of them. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#flight.splice(0));
  }
}
