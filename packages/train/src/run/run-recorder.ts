import { copyArrays, type NamedArrays } from '@nem/core';
import type { TrainingState, Weights } from '../trainer/state.js';
import type { Checkpoint } from './checkpoint.js';
import { bestEpoch, type EpochRecord, type UpdateLoss } from './epoch-record.js';
import type { RunConfig } from './run-config.js';
import type { RunFolder } from './run-folder.js';
import type { RunLock } from './run-lock.js';
import { parseEpochs } from './run-log.js';

/** Of so many updates the loss of one is kept. */
const LOSS_INTERVAL = 10;

/**
 * Keeps a run's folder in step with its training. A checkpoint holds everything, so what is written beside it (metrics,
 * best weights) may be cut off anywhere: going on from the checkpoint puts it right. What is beyond the checkpoint, such as an
 * epoch that a time limit cut short with its weights, stays until there is a newer epoch.
 */
export class RunRecorder {
  readonly #folder: RunFolder;
  readonly #config: RunConfig;
  readonly #lock: RunLock;
  #metrics: string;
  #best: NamedArrays | undefined;
  #bestIsNew = false;
  #lastTime = performance.now();
  #update: number;
  /** Since the last checkpoint: written with the next, for going on from a checkpoint trains later updates again. */
  #losses: UpdateLoss[] = [];
  /** The log of epochs and the best weights in the folder may be beyond the checkpoint: the next epoch takes their place. */
  #mayBeAhead = true;
  /** Times and losses in the folder may be of updates beyond the checkpoint. */
  #logsAreAhead = true;

  constructor(folder: RunFolder, config: RunConfig, lock: RunLock, from?: Checkpoint) {
    this.#folder = folder;
    this.#config = config;
    this.#lock = lock;
    this.#metrics = from?.metrics ?? '';
    this.#best = from?.best && copyArrays(from.best);
    this.#update = from?.state.update ?? 0;
    if (from && !folder.isAhead(this.#metrics)) {
      folder.writeMetrics(this.#metrics);
      if (from.best) this.#writeBest(from.best, this.#metrics);
    }
  }

  /** Updates done at the newest checkpoint. */
  get checkpointUpdate(): number {
    return this.#update;
  }

  /** Notes an update. */
  step({ update, loss }: UpdateLoss): void {
    if (update % LOSS_INTERVAL === 0) this.#losses.push({ update, loss });
  }

  /** Notes a whole epoch; a checkpoint follows. */
  epoch(record: EpochRecord, best: boolean, { parameters }: Weights): void {
    this.#lock.check();
    const { seconds: _, ...metrics } = record;
    this.#metrics += `${JSON.stringify(metrics)}\n`;
    this.#writeEpoch(record, this.#metrics);
    this.#appendTime(record);
    // A copy: the trainer uses the memory of the weights again.
    if (best) this.#best = copyArrays(parameters, this.#best);
    this.#bestIsNew ||= best || this.#mayBeAhead;
    this.#mayBeAhead = false;
  }

  /** Notes that the time limit has ended training, at the newest checkpoint. */
  timeLimit({ update }: TrainingState): void {
    this.#lock.check();
    this.#folder.noteTimeLimit(update);
  }

  /** Notes an epoch that was cut short: its line and its weights last until training goes on. */
  cutEpoch(record: EpochRecord, best: boolean, { parameters }: Weights): void {
    this.#lock.check();
    const { seconds: _, ...metrics } = record;
    const lines = `${this.#metrics}${JSON.stringify(metrics)}\n`;
    this.#writeEpoch(record, lines);
    if (best) this.#writeBest(parameters, lines);
    else if (this.#mayBeAhead && this.#best) this.#writeBest(this.#best, this.#metrics);
    this.#mayBeAhead = true;
  }

  /** Adds an epoch to the lines of the log; in place of one beyond the checkpoint where there is one. */
  #writeEpoch(record: EpochRecord, metrics: string): void {
    if (this.#mayBeAhead) this.#folder.writeMetrics(metrics);
    else this.#folder.appendEpoch(record);
  }

  checkpoint(state: TrainingState, { parameters, optimizer }: Weights): void {
    this.#lock.check();
    // Before the checkpoint: what is beyond the one that a run goes on from is cut off.
    this.#cutLogs();
    this.#folder.appendLosses(this.#losses);
    this.#losses = [];
    const checkpoint = { state, parameters, optimizer, best: this.#best, metrics: this.#metrics };
    this.#folder.writeCheckpoint(checkpoint, this.#config);
    this.#update = state.update;
    if (state.step > 0) this.#appendTime(state);
    if (this.#bestIsNew && this.#best) this.#writeBest(this.#best, this.#metrics);
    this.#bestIsNew = false;
  }

  /** @param metrics the lines of the epochs that the weights are the best of */
  #writeBest(parameters: NamedArrays, metrics: string): void {
    this.#folder.writeBest(parameters, this.#config, bestEpoch(parseEpochs(metrics)));
  }

  /** Before the first time or loss is added. */
  #cutLogs(): void {
    if (this.#logsAreAhead) this.#folder.cutLogs(this.#update);
    this.#logsAreAhead = false;
  }

  #appendTime({ epoch, update }: { epoch: number; update: number }): void {
    this.#cutLogs();
    const now = performance.now();
    this.#folder.appendTime(epoch, update, (now - this.#lastTime) / 1000);
    this.#lastTime = now;
  }
}
