import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type EventContent, type EventValue, encodeEvent, FILE_VERSION, frameRecord } from '@nem/report/tensorboard';
import { epochScoreOf, scoreOf, type TestScores } from '../scores/record.js';
import { SCORES, type ScoreKey, VIEWS } from '../scores/table.js';
import { makeFolder, writeError } from '../system/files.js';
import type { EpochRecord } from './epoch-record.js';
import { EVENTS } from './run-files.js';

/** Scores as scalars `loss/validation`, `AMI (max)/validation` …; what is no finite number is left out. */
function scalars(read: (key: ScoreKey) => number | undefined, of: string): Record<string, EventValue> {
  const found = VIEWS.tensorBoard.flatMap((key): [string, number][] => {
    const value = read(key);
    return value !== undefined && Number.isFinite(value) ? [[`${SCORES[key].label}/${of}`, value]] : [];
  });
  return Object.fromEntries(found);
}

/** Updates whose mean loss is one scalar: an epoch is too long to wait for the first point of a curve. */
const UPDATES_PER_SCALAR = 10;

let opened = 0;

interface TensorBoardLogOptions {
  /** The time in milliseconds since 1970. Default: the clock */
  readonly now?: () => number;
  /**
   * The step from which this log goes on: what others have of it and of later steps, such as updates that were lost where a run was
   * killed, no longer counts. Default: everything counts
   */
  readonly startsAt?: number;
  /** What the log is of, where one of the same takes the place of an earlier one: an evaluation. Default: no place is taken */
  readonly of?: string;
}

/**
 * A run's event file for TensorBoard, `events.out.tfevents.…` in the run folder. Each log opens a file of its own at its
 * first event: TensorBoard reads all those of a folder, so a run that goes on, or is evaluated again, never writes into
 * a file that a crash may have cut.
 */
export class TensorBoardLog {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #startsAt: number | undefined;
  readonly #of: string | undefined;
  #file: string | undefined;
  #losses: number[] = [];

  constructor(folder: string, { now = Date.now, startsAt, of }: TensorBoardLogOptions = {}) {
    this.#folder = folder;
    this.#now = now;
    this.#startsAt = startsAt;
    this.#of = of;
  }

  /** The loss of an update: a scalar `loss/updates` for the mean of every so many. */
  update(update: number, loss: number): void {
    this.#losses.push(loss);
    if (this.#losses.length < UPDATES_PER_SCALAR) return;
    const mean = this.#losses.reduce((sum, each) => sum + each, 0) / this.#losses.length;
    this.#losses = [];
    this.write(update, { 'loss/updates': mean });
  }

  /** The scores of an epoch, at its number of updates. */
  epoch({ update, training, validation }: EpochRecord): void {
    this.write(update, {
      ...scalars((key) => epochScoreOf(training, key), 'training'),
      ...scalars((key) => epochScoreOf(validation, key), 'validation'),
    });
  }

  /** Scores of a test, at the number of updates of the weights. */
  test(update: number, scores: TestScores): void {
    this.write(
      update,
      scalars((key) => scoreOf(scores, key), scores.name),
    );
  }

  /** A picture. */
  picture(update: number, tag: string, png: Uint8Array): void {
    const header = new DataView(png.buffer, png.byteOffset);
    this.write(update, { [tag]: { png, width: header.getUint32(16), height: header.getUint32(20) } });
  }

  /**
   * Values by tag at a step.
   * @throws RunError where the folder cannot be written to
   */
  write(step: number, values: Readonly<Record<string, EventValue>>): void {
    this.#append({ step, values });
  }

  /** TensorBoard reads the files of a folder in the order of their names. */
  #newName(milliseconds: number): string {
    const seconds = String(Math.floor(milliseconds / 1000)).padStart(10, '0');
    return `${EVENTS}${seconds}.nem.${process.pid}.${opened++}${this.#end}`;
  }

  /** The ending shared by the file names of the same evaluation. */
  get #end(): string {
    return this.#of === undefined ? '' : `.of-${this.#of}`;
  }

  #removeOthers(own: string): void {
    for (const name of readdirSync(this.#folder)) {
      if (name.startsWith(EVENTS) && name.endsWith(this.#end) && name !== own) {
        rmSync(join(this.#folder, name));
      }
    }
  }

  #append(content: EventContent): void {
    const milliseconds = this.#now();
    const events = [content];
    const isNew = this.#file === undefined;
    this.#file ??= join(this.#folder, this.#newName(milliseconds));
    if (isNew) {
      if (this.#startsAt !== undefined) events.unshift({ startsAt: this.#startsAt });
      events.unshift({ fileVersion: FILE_VERSION });
    }
    try {
      makeFolder(this.#folder);
      const records = events.map((event) => frameRecord(encodeEvent(milliseconds / 1000, event)));
      appendFileSync(this.#file, Buffer.concat(records));
      if (isNew && this.#of !== undefined) this.#removeOthers(basename(this.#file));
    } catch (error) {
      throw writeError(this.#file, error);
    }
  }
}
