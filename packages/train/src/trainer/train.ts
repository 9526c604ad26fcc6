import type { Engine } from '@nem/core';
import type { Dataset, Split } from '@nem/datasets';
import { evaluate, type SplitScores } from '../evaluation/evaluate.js';
import type { Experiment } from '../experiments/index.js';
import { type Names, requireOptions } from '../require-options.js';
import type { EpochRecord } from '../run/epoch-record.js';
import { epochScoresOf } from '../scores/record.js';
import { allowCollection, collectGarbage } from '../system/collect-garbage.js';
import { requireNumber } from '../system/numbers.js';
import { explainUpdates, explainValidation } from './explain-not-finite.js';
import { Snapshots } from './snapshots.js';
import { later, START, type TrainingState, type Weights } from './state.js';
import { UpdatePipeline } from './update-pipeline.js';

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
  /** An integer of at least 0. */
  readonly seed: number;
  /** Where training goes on. Default: its start. */
  readonly from?: TrainingState;
  /** Training ends, with a last validation, after so many minutes of this call, a number of at least 0. Default: no limit. */
  readonly maxMinutes?: number;
  /** A time limit has ended training at `from` before: what is left is the validation of an epoch that it cut short. */
  readonly atLimit?: boolean;
  /** Minutes between checkpoints inside an epoch, a number above 0. Default 5. */
  readonly checkpointMinutes?: number;
  /** Asked between steps: true stops training at a checkpoint. */
  readonly stop?: () => boolean | Promise<boolean>;
  readonly events: TrainingEvents;
}

const EVENTS: Names<TrainingEvents> = { step: true, epoch: true, timeLimit: true, cutEpoch: true, checkpoint: true };

const NAMES: Names<TrainOptions> = {
  experiment: true,
  engine: true,
  dataset: true,
  seed: true,
  from: true,
  maxMinutes: true,
  atLimit: true,
  checkpointMinutes: true,
  stop: true,
  events: true,
};

/** Why training ended. */
export type Ending = 'early stopping' | 'time limit' | 'last epoch' | 'stopped';

/** Training inputs scored after each epoch, the first ones: a quarter of the paper's 1,000 validation inputs. */
const SCORED_TRAINING_INPUTS = 256;

/** What is known of the weights at the end of an epoch. */
type EpochEnd = Record<'training' | 'validation', SplitScores>;

/** Thrown inside a validation that is to stop. */
class Stopped extends Error {}

/**
 * Trains until early stopping, the last epoch, the time limit or a stop (method, section 6). From any of its
 * checkpoints it goes on bit by bit as if it had never stopped.
 * @throws UsageError for an unknown option, and for a number that is out of its range
 * @throws RunError where a loss, gradient or parameter is not finite: names the update, the tensor and the samples
 */
export async function train(options: TrainOptions): Promise<Ending> {
  requireOptions(options, 'train', NAMES);
  requireOptions(options.events, "train's events", EVENTS);
  requireNumber('seed', options.seed, 'an integer of at least 0');
  requireNumber('maxMinutes', options.maxMinutes, 'a number of at least 0');
  requireNumber('checkpointMinutes', options.checkpointMinutes, 'a number above 0');
  allowCollection();
  const state = options.from ?? START;
  return new Training(options, state, await Snapshots.begin(options.engine, state)).run();
}

class Training {
  readonly #options: TrainOptions;
  readonly #updates: UpdatePipeline;
  readonly #snapshots: Snapshots;
  readonly #deadline: number;
  /** After the last update whose loss is known. */
  #state: TrainingState;
  #epochStarted = performance.now();
  #lastCheckpoint = performance.now();

  constructor(options: TrainOptions, state: TrainingState, snapshots: Snapshots) {
    const { engine, dataset, seed, experiment, maxMinutes = Number.POSITIVE_INFINITY } = options;
    this.#options = options;
    const { batchSize, epochInputs } = experiment;
    this.#updates = new UpdatePipeline({ engine, dataset, seed, batchSize, epochInputs }, state.epoch);
    this.#snapshots = snapshots;
    this.#deadline = performance.now() + maxMinutes * 60_000;
    this.#state = state;
  }

  async run(): Promise<Ending> {
    if (this.#options.atLimit && !this.#state.ending) return this.#endAtLimit();
    while (!this.#state.ending) {
      const cut = await this.#trainEpoch();
      if (cut === 'stopped') return this.#stop();
      if (cut === 'time limit') return this.#endAtLimit();
      const scores = await this.#validate();
      if (!scores) return this.#stop();
      await this.#endEpoch(scores);
      if (!this.#state.ending && performance.now() >= this.#deadline) return this.#endAtLimit();
    }
    return this.#state.ending;
  }

  /** The updates that are left of this epoch, or those until the time limit or a stop; none is under way after them. */
  async #trainEpoch(): Promise<'time limit' | 'stopped' | undefined> {
    this.#epochStarted = performance.now();
    let cut: 'time limit' | 'stopped' | undefined;
    for (let here = 0; this.#unasked().step < this.#updates.length; here++) {
      if (await this.#options.stop?.()) cut = 'stopped';
      // A call makes at least one update, so that a chain of short calls gets on.
      else if (here > 0 && performance.now() >= this.#deadline) cut = 'time limit';
      if (cut) break;
      await this.#updates.ask(this.#unasked());
      if (this.#updates.isFull) await this.#settle();
      await this.#keep();
    }
    await this.#settleAll();
    return cut;
  }

  /** The state before the next update to ask for; `lossSum` does not include the losses of those under way yet. */
  #unasked(): TrainingState {
    return later(this.#state, this.#updates.inFlight);
  }

  /** Waits for the loss of the oldest update under way, and tells it. */
  async #settle(): Promise<void> {
    const loss = await this.#updates.settle();
    if (!Number.isFinite(loss)) await this.#explain('the loss');
    this.#state = { ...later(this.#state, 1), lossSum: this.#state.lossSum + loss };
    const { epoch, step, update } = this.#state;
    await this.#options.events.step({ epoch, step, steps: this.#updates.length, update, loss });
  }

  async #settleAll(): Promise<void> {
    while (this.#updates.inFlight > 0) await this.#settle();
  }

  /** A checkpoint or a snapshot where it is time for one. */
  async #keep(): Promise<void> {
    const { checkpointMinutes = 5 } = this.#options;
    const checkpoint = performance.now() - this.#lastCheckpoint >= checkpointMinutes * 60_000;
    if (!checkpoint && !this.#snapshots.isDue(this.#state)) return;
    await this.#settleAll();
    await (checkpoint ? this.#checkpoint() : this.#weights());
  }

  async #checkpoint(): Promise<void> {
    await this.#options.events.checkpoint(this.#state, await this.#weights());
    collectGarbage();
    this.#lastCheckpoint = performance.now();
  }

  /** The weights of this moment, which are finite. */
  #weights(): Promise<Weights> {
    return this.#snapshots.take(this.#state, (tensor) => this.#explain(tensor));
  }

  /** Ends training with the first tensor that was not finite. */
  async #explain(symptom: string): Promise<never> {
    // Updates asked for after it, or an error of theirs, say no more about the cause.
    await this.#updates.abandon();
    return explainUpdates(this.#options, this.#updates, this.#snapshots.newest, this.#state, symptom);
  }

  /** The scores of the validation inputs and of some training inputs; undefined where it was stopped. */
  async #validate(): Promise<EpochEnd | undefined> {
    try {
      const validation = await this.#score('validation', this.#options.experiment.validationInputs);
      if (!Number.isFinite(validation.loss)) {
        await explainValidation(this.#options, this.#state);
      }
      return { validation, training: await this.#score('training', SCORED_TRAINING_INPUTS) };
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    }
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

  async #endEpoch(scores: EpochEnd): Promise<void> {
    const { experiment, events } = this.#options;
    const { epoch, update, best } = this.#state;
    const { loss } = scores.validation;
    const improved = loss < best.loss;
    const record = this.#record(scores);
    const weights = await this.#weights();
    const bestSoFar = improved ? { loss, epoch } : best;
    const state: TrainingState = { epoch: epoch + 1, step: 0, update, lossSum: 0, best: bestSoFar };
    if (epoch - bestSoFar.epoch >= experiment.patience) this.#state = { ...state, ending: 'early stopping' };
    else this.#state = epoch >= experiment.epochs ? { ...state, ending: 'last epoch' } : state;
    await events.epoch(record, improved, weights);
    await this.#checkpoint();
    if (!this.#state.ending) this.#updates.startEpoch(epoch + 1);
  }

  #record({ training, validation }: EpochEnd): EpochRecord {
    const { epoch, step, update, lossSum } = this.#state;
    return {
      epoch,
      update,
      seconds: (performance.now() - this.#epochStarted) / 1000,
      training: { ...epochScoresOf(training), loss: lossSum / step },
      validation: epochScoresOf(validation),
    };
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
    await this.#options.events.cutEpoch(this.#record(scores), improved, await this.#weights());
    return 'time limit';
  }
}
