import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventContent, type EventValue, encodeEvent, FILE_VERSION, frameRecord } from '@nem/report/tensorboard';
import { epochScoreOf, scoreOf, type TestScores } from '../scores/record.js';
import { SCORES, type ScoreKey, VIEWS } from '../scores/table.js';
import { makeFolder, writeError } from '../system/files.js';
import type { EpochRecord } from './epoch-record.js';

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

/**
 * A run's event file for TensorBoard, `events.out.tfevents.…` in the run folder. Each log opens a file of its own at its
 * first event: TensorBoard reads all those of a folder, so a run that goes on, or is evaluated again, never writes into
 * a file that a crash may have cut.
 */
export class TensorBoardLog {
  readonly #folder: string;
  readonly #now: () => number;
  #file: string | undefined;
  #losses: number[] = [];

  /** @param now the time in milliseconds since 1970. Default: the clock */
  constructor(folder: string, now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
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

  #append(content: EventContent): void {
    const milliseconds = this.#now();
    const records = [content].map((event) => frameRecord(encodeEvent(milliseconds / 1000, event)));
    if (this.#file === undefined) {
      const seconds = String(Math.floor(milliseconds / 1000)).padStart(10, '0');
      this.#file = join(this.#folder, `events.out.tfevents.${seconds}.nem.${process.pid}.${opened++}`);
      records.unshift(frameRecord(encodeEvent(milliseconds / 1000, { fileVersion: FILE_VERSION })));
    }
    try {
      makeFolder(this.#folder);
      appendFileSync(this.#file, Buffer.concat(records));
    } catch (error) {
      throw writeError(this.#file, error);
    }
  }
}
