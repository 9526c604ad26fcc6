import type { NamedArrays } from '@nem/core';
import type { EpochRecord } from '../report/index.js';
import type { Checkpoint, TrainingState, Weights } from './checkpoint.js';
import type { RunConfig, RunFolder } from './run-folder.js';
import type { RunLock } from './run-lock.js';

/**
 * Keeps a run's folder in step with its training. A checkpoint holds everything, so what is written beside it (metrics,
 * best weights) may be cut off anywhere: going on from the checkpoint puts it right.
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

  constructor(folder: RunFolder, config: RunConfig, lock: RunLock, from?: Checkpoint) {
    this.#folder = folder;
    this.#config = config;
    this.#lock = lock;
    this.#metrics = from?.metrics ?? '';
    this.#best = from?.best;
    this.#update = from?.state.update ?? 0;
    folder.restore(from);
  }

  /** Updates done at the newest checkpoint. */
  get checkpointUpdate(): number {
    return this.#update;
  }

  /** Notes a whole epoch; a checkpoint follows. */
  epoch(record: EpochRecord, best: boolean, { parameters }: Weights): void {
    this.#lock.check();
    const { seconds: _, ...metrics } = record;
    this.#metrics += `${JSON.stringify(metrics)}\n`;
    this.#folder.appendEpoch(record);
    this.#appendTime(record);
    if (!best) return;
    this.#best = parameters;
    this.#bestIsNew = true;
  }

  /** Notes an epoch that was cut short: its line and its weights last until training goes on. */
  cutEpoch(record: EpochRecord, best: boolean, { parameters }: Weights): void {
    this.#lock.check();
    this.#folder.appendEpoch(record);
    if (best) this.#folder.writeBest(parameters);
  }

  checkpoint(state: TrainingState, { parameters, optimizer }: Weights): void {
    this.#lock.check();
    const checkpoint = { state, parameters, optimizer, best: this.#best, metrics: this.#metrics };
    this.#folder.writeCheckpoint(checkpoint, this.#config);
    this.#update = state.update;
    if (state.step > 0) this.#appendTime(state);
    if (this.#bestIsNew && this.#best) this.#folder.writeBest(this.#best);
    this.#bestIsNew = false;
  }

  #appendTime({ epoch, update }: { epoch: number; update: number }): void {
    const now = performance.now();
    this.#folder.appendTime(epoch, update, (now - this.#lastTime) / 1000);
    this.#lastTime = now;
  }
}
