import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine, FrameBatch, Randomness } from '@nem/core';
import { allocateSamples, BatchOrder, type Dataset, drawSamples, type Samples, type Split } from '@nem/datasets';
import { allowCollection, collectGarbage } from '../collect-garbage.js';
import { evaluate, randomness, type SplitScores, toBatch } from '../evaluation/evaluate.js';
import type { Experiment } from '../experiments/index.js';
import type { TrainingState, Weights } from './checkpoint.js';
import type { EpochRecord } from './epoch-record.js';
import { notFiniteError, notFiniteInference, notFiniteUpdate, notFiniteWeights } from './not-finite.js';

/** What a training run tells while it goes on; it waits for each. Weights are those of the moment: copy what is kept. */
export interface TrainingEvents {
  /** After each update, in their order; where the engine queues updates up, once the next one is asked for. */
  step(update: { epoch: number; step: number; steps: number; update: number; loss: number }): void | Promise<void>;
  /** After each whole epoch; `best` where its validation loss is the lowest so far. A checkpoint follows. */
  epoch(record: EpochRecord, best: boolean, weights: Weights): void | Promise<void>;
  /** Where the time limit has ended training, after its checkpoint; of an epoch that it cut short the validation follows. */
  timeLimit(state: TrainingState): void | Promise<void>;
  /** After an epoch that the time limit cut short; training goes on from the checkpoint before it. */
  cutEpoch(record: EpochRecord, best: boolean, weights: Weights): void | Promise<void>;
  /** After each epoch, every `checkpointMinutes`, and where training is stopped: it can go on from here. */
  checkpoint(state: TrainingState, weights: Weights): void | Promise<void>;
}

export interface TrainOptions {
  readonly experiment: Experiment;
  /** Its weights and optimizer state are those of `from`. */
  readonly engine: Engine;
  readonly dataset: Dataset;
  readonly seed: number;
  /** Where training goes on. Default: its start. */
  readonly from?: TrainingState;
  /** Training ends, with a last validation, after so many minutes of this call. Default: no limit. */
  readonly maxMinutes?: number;
  /** A time limit has ended training at `from` before: what is left is the validation of an epoch that it cut short. */
  readonly atLimit?: boolean;
  /** Minutes between checkpoints inside an epoch. Default 5. */
  readonly checkpointMinutes?: number;
  /** Asked between steps: true stops training at a checkpoint. */
  readonly stop?: () => boolean | Promise<boolean>;
  readonly events: TrainingEvents;
}

/** Why training ended. */
export type Ending = 'early stopping' | 'time limit' | 'last epoch' | 'stopped';

/** Updates between two copies of the weights in memory, from which the cause of a NaN is looked for. */
const SNAPSHOT_INTERVAL = 64;

/** Training inputs scored after each epoch, the first ones: a quarter of the paper's 1,000 validation inputs. */
const SCORED_TRAINING_INPUTS = 256;

/** What is known of the weights at the end of an epoch. */
type EpochEnd = Record<'training' | 'validation', SplitScores>;

const START: TrainingState = {
  epoch: 1,
  step: 0,
  update: 0,
  lossSum: 0,
  best: { loss: Number.POSITIVE_INFINITY, epoch: 0 },
};

/** Thrown inside a validation that is to stop. */
class Stopped extends Error {}

/** What an update is made from. */
interface Inputs {
  readonly indices: Uint32Array;
  readonly batch: FrameBatch;
  readonly keys: Randomness;
}

class Training {
  readonly #options: TrainOptions;
  readonly #deadline: number;
  /** After the last update whose loss is known. */
  #state: TrainingState;
  /** Losses of the updates after that which the engine was asked for. */
  readonly #flight: Promise<{ loss: number }>[] = [];
  /** Most of those: more than one where the engine queues them up. */
  readonly #mostInFlight: number;
  #order: BatchOrder;
  /** Room for the batches in flight and the next one, used again and again. */
  readonly #samples: (Samples | undefined)[] = [];
  /** The next update's inputs, drawn while the engine computes. */
  #ahead: { readonly update: number; readonly inputs: Inputs } | undefined;
  #epochStarted = performance.now();
  #lastCheckpoint = performance.now();
  /** Weights of an earlier moment of this epoch. */
  #snapshot: { state: TrainingState; weights: Weights } | undefined;
  /** Memory for the next snapshot's. */
  #spare: Weights | undefined;

  constructor(options: TrainOptions) {
    this.#options = options;
    this.#state = options.from ?? START;
    this.#mostInFlight = options.engine.stepsInFlight ?? 1;
    this.#deadline = performance.now() + (options.maxMinutes ?? Number.POSITIVE_INFINITY) * 60_000;
    this.#order = this.#orderOf(this.#state.epoch);
  }

  async run(): Promise<Ending> {
    this.#snapshot = { state: this.#state, weights: await this.#weights() };
    if (this.#options.atLimit && !this.#state.ending) return this.#endAtLimit();
    while (!this.#state.ending) {
      const cut = await this.#updates();
      if (cut === 'stopped') return this.#stop();
      if (cut === 'time limit') return this.#endAtLimit();
      const scores = await this.#validate();
      if (!scores) return this.#stop();
      await this.#endEpoch(scores);
      if (!this.#state.ending && performance.now() >= this.#deadline) return this.#endAtLimit();
    }
    return this.#state.ending;
  }

  #orderOf(epoch: number): BatchOrder {
    const { dataset, experiment, seed } = this.#options;
    const { batchSize } = experiment;
    const size = dataset.sizes.training;
    return new BatchOrder({ size, batchSize, seed, epoch, dropLast: size >= batchSize });
  }

  /** @param out weights whose memory may be used. Default: new memory */
  async #weights(out?: Weights): Promise<Weights> {
    const { engine } = this.#options;
    const parameters = await engine.parameters(out?.parameters);
    return { parameters, optimizer: await engine.optimizerState(out?.optimizer) };
  }

  /** The updates that are left of this epoch, or those until the time limit or a stop; none is in flight after them. */
  async #updates(): Promise<'time limit' | 'stopped' | undefined> {
    const { stop } = this.#options;
    this.#epochStarted = performance.now();
    let cut: 'time limit' | 'stopped' | undefined;
    for (let here = 0; this.#unasked().step < this.#order.length; here++) {
      if (await stop?.()) cut = 'stopped';
      // A call makes at least one update, so that a chain of short calls gets on.
      else if (here > 0 && performance.now() >= this.#deadline) cut = 'time limit';
      if (cut) break;
      await this.#ask();
      if (this.#flight.length >= this.#mostInFlight) await this.#settle();
      await this.#keep();
    }
    await this.#settleAll();
    return cut;
  }

  /** The state before the next update to ask for, but for its losses. */
  #unasked(): TrainingState {
    return later(this.#state, this.#flight.length);
  }

  /** Asks for an update and draws the inputs of the one after it. */
  async #ask(): Promise<void> {
    const state = this.#unasked();
    const ahead = this.#ahead?.update === state.update ? this.#ahead.inputs : undefined;
    const { batch, keys } = ahead ?? this.#inputsOf(state);
    const asked = this.#options.engine.trainStep(batch, keys);
    // It is awaited later: a failure until then is no unhandled one.
    asked.catch(() => undefined);
    this.#flight.push(asked);
    await this.#drawAhead();
  }

  /** Waits for the loss of the oldest update in flight, and tells it. */
  async #settle(): Promise<void> {
    const { loss } = await this.#flight[0];
    if (!Number.isFinite(loss)) await this.#explainNotFinite('the loss');
    this.#flight.shift();
    this.#state = { ...later(this.#state, 1), lossSum: this.#state.lossSum + loss };
    const { epoch, step, update } = this.#state;
    await this.#options.events.step({ epoch, step, steps: this.#order.length, update, loss });
  }

  async #settleAll(): Promise<void> {
    while (this.#flight.length > 0) await this.#settle();
  }

  /** A checkpoint or a snapshot where it is time for one. */
  async #keep(): Promise<void> {
    const { checkpointMinutes = 5 } = this.#options;
    const checkpoint = performance.now() - this.#lastCheckpoint >= checkpointMinutes * 60_000;
    const snapshot = this.#state.update - (this.#snapshot?.state.update ?? 0) >= SNAPSHOT_INTERVAL;
    if (!checkpoint && !snapshot) return;
    await this.#settleAll();
    await (checkpoint ? this.#checkpoint() : this.#takeSnapshot());
  }

  #inputsOf({ step, update }: TrainingState): Inputs {
    const { dataset, seed } = this.#options;
    const indices = this.#order.indices(step);
    // In turn: one update's inputs are drawn while the engine has those of the updates before.
    const turn = update % (this.#mostInFlight + 1);
    const kept = this.#samples[turn];
    const samples = kept?.count === indices.length ? kept : allocateSamples(dataset, indices.length);
    this.#samples[turn] = samples;
    const batch = toBatch(drawSamples(dataset, 'training', indices, samples));
    return { indices, batch, keys: randomness(seed, 'training', update) };
  }

  /** Draws the inputs of the next update to ask for, where this epoch has one. */
  async #drawAhead(): Promise<void> {
    const state = this.#unasked();
    // Engines that take their work up later (webgpu waits for its plan) submit it first.
    await nextTurn();
    this.#ahead = state.step < this.#order.length ? { update: state.update, inputs: this.#inputsOf(state) } : undefined;
    if (this.#ahead) this.#options.engine.prepare?.(this.#ahead.inputs.batch, this.#ahead.inputs.keys);
  }

  /** The weights, which are finite; copied once an update. */
  async #takeSnapshot(): Promise<Weights> {
    if (this.#snapshot?.state.update === this.#state.update) {
      this.#snapshot = { ...this.#snapshot, state: this.#state };
      return this.#snapshot.weights;
    }
    const weights = await this.#weights(this.#spare);
    const tensor = notFiniteWeights(weights);
    if (tensor) await this.#explainNotFinite(tensor);
    this.#spare = this.#snapshot?.weights;
    this.#snapshot = { state: this.#state, weights };
    return weights;
  }

  async #checkpoint(): Promise<void> {
    await this.#options.events.checkpoint(this.#state, await this.#takeSnapshot());
    collectGarbage();
    this.#lastCheckpoint = performance.now();
  }

  async #stop(): Promise<'stopped'> {
    await this.#checkpoint();
    return 'stopped';
  }

  async #endAtLimit(): Promise<'time limit' | 'stopped'> {
    if (this.#state.step > 0) await this.#checkpoint();
    await this.#options.events.timeLimit(this.#state);
    // Between two epochs, the one before has been validated.
    if (this.#state.step === 0) return 'time limit';
    const scores = await this.#validate();
    if (!scores) return 'stopped';
    const improved = scores.validation.loss < this.#state.best.loss;
    await this.#options.events.cutEpoch(this.#record(scores), improved, await this.#takeSnapshot());
    return 'time limit';
  }

  #record({ training, validation }: EpochEnd): EpochRecord {
    const { epoch, step, update, lossSum } = this.#state;
    return {
      epoch,
      update,
      seconds: (performance.now() - this.#epochStarted) / 1000,
      training: { ...training, adjustedMutualInfo: training.adjustedMutualInfo.max, loss: lossSum / step },
      validation: { ...validation, adjustedMutualInfo: validation.adjustedMutualInfo.max },
    };
  }

  async #endEpoch(scores: EpochEnd): Promise<void> {
    const { experiment, events } = this.#options;
    const { epoch, update, best } = this.#state;
    const { loss } = scores.validation;
    const improved = loss < best.loss;
    const record = this.#record(scores);
    const weights = await this.#takeSnapshot();
    const bestSoFar = improved ? { loss, epoch } : best;
    const state: TrainingState = { epoch: epoch + 1, step: 0, update, lossSum: 0, best: bestSoFar };
    if (epoch - bestSoFar.epoch >= experiment.patience) this.#state = { ...state, ending: 'early stopping' };
    else this.#state = epoch >= experiment.epochs ? { ...state, ending: 'last epoch' } : state;
    await events.epoch(record, improved, weights);
    await this.#checkpoint();
    if (!this.#state.ending) this.#order = this.#orderOf(epoch + 1);
  }

  /** The scores of the first inputs of a split. */
  #score(split: Split, count: number): Promise<SplitScores> {
    const { experiment, engine, dataset, seed, stop } = this.#options;
    const { components, batchSize } = experiment;
    const progress = async () => {
      if (await stop?.()) throw new Stopped();
    };
    return evaluate({ engine, dataset, split, count, components, batchSize, seed, progress });
  }

  /** The scores of the validation inputs and of some training inputs; undefined where it was stopped. */
  async #validate(): Promise<EpochEnd | undefined> {
    try {
      const validation = await this.#score('validation', this.#options.experiment.validationInputs);
      if (!Number.isFinite(validation.loss)) await this.#explainValidation();
      return { validation, training: await this.#score('training', SCORED_TRAINING_INPUTS) };
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    }
  }

  /** Goes through this epoch's updates again from the last snapshot, to find the first tensor that was not finite. */
  async #explainNotFinite(symptom: string): Promise<never> {
    const { engine } = this.#options;
    // Those asked for after it, or an error of theirs, say no more about the cause.
    await Promise.allSettled(this.#flight.splice(0));
    const found = this.#state;
    let state = this.#snapshot?.state ?? found;
    let weights = this.#snapshot?.weights ?? (await this.#weights());
    engine.setParameters(weights.parameters);
    engine.setOptimizerState(weights.optimizer);
    for (; state.update <= found.update && state.step < this.#order.length; state = later(state, 1)) {
      const { indices, batch, keys } = this.#inputsOf(state);
      const { loss } = await engine.trainStep(batch, keys);
      const after = await this.#weights();
      const broken = notFiniteWeights(after) ?? (Number.isFinite(loss) ? undefined : 'the loss');
      if (broken) {
        engine.setParameters(weights.parameters);
        engine.setOptimizerState(weights.optimizer);
        const tensor = (await notFiniteUpdate(engine, batch, keys)) ?? broken;
        throw notFiniteError(place(state), tensor, 'training', indices);
      }
      weights = after;
    }
    const { indices } = this.#inputsOf({ ...found, step: Math.min(found.step, this.#order.length - 1) });
    throw notFiniteError(place(found), symptom, 'training', indices);
  }

  /** Goes through the validation inputs again, to find the first tensor that was not finite. */
  async #explainValidation(): Promise<never> {
    const { experiment, engine, dataset, seed } = this.#options;
    const size = Math.min(experiment.validationInputs, dataset.sizes.validation);
    const order = new BatchOrder({ size, batchSize: experiment.batchSize, seed, shuffle: false });
    const where = `the validation of epoch ${this.#state.epoch} (after update ${this.#state.update})`;
    for (let b = 0; b < order.length; b++) {
      const indices = order.indices(b);
      const batch = toBatch(drawSamples(dataset, 'validation', indices));
      const result = await engine.infer(batch, randomness(seed, 'validation', b), { steps: 'all' });
      const tensor = notFiniteInference(result);
      if (tensor) throw notFiniteError(where, tensor, 'validation', indices);
    }
    throw notFiniteError(where, 'the mean loss', 'validation', []);
  }
}

/** `state` so many updates on. */
const later = (state: TrainingState, updates: number): TrainingState => ({
  ...state,
  step: state.step + updates,
  update: state.update + updates,
});
const place = ({ epoch, step, update }: TrainingState) => `update ${update + 1} (epoch ${epoch}, step ${step + 1})`;

/**
 * Trains until early stopping, the last epoch, the time limit or a stop (method, section 6). From any of its
 * checkpoints it goes on bit by bit as if it had never stopped.
 * @throws RunError where a loss, gradient or parameter is not finite: names the update, the tensor and the samples
 */
export async function train(options: TrainOptions): Promise<Ending> {
  allowCollection();
  return new Training(options).run();
}
