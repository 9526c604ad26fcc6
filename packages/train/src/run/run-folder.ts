import { existsSync, linkSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type NamedArrays, parseBoundedJson } from '@nem/core';
import * as v from 'valibot';
import { type Remedy, RunError, UsageError } from '../errors.js';
import { appendFlushed, makeFolder, readWhole, reason, writeError, writeWhole } from '../system/files.js';
import { integer } from '../system/numbers.js';
import { Room } from '../system/room.js';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, openSafetensors, sealSafetensors } from './checkpoint.js';
import type { EpochRecord, UpdateLoss } from './epoch-record.js';
import { type Machine, machineSchema } from './machine.js';
import { configFrom, configText, isSameConfig, LARGEST_CONFIG, type RunConfig, readConfigText } from './run-config.js';
import {
  BEST,
  CONFIG,
  EVENTS,
  isOwnEvents,
  KEPT_FILES,
  LARGEST_LOG,
  LARGEST_WEIGHTS,
  LAST,
  LOSSES,
  MACHINES,
  METRICS,
  PREVIOUS,
  REPLACED,
  RUN_FILES,
  START,
  TIME_LIMIT,
  TIMING,
} from './run-files.js';
import {
  addTimes,
  type EpochMetrics,
  lossLine,
  parseEpochs,
  parseLosses,
  readable,
  timingLine,
  timingUntil,
} from './run-log.js';
import { weightsMetadata } from './weights-metadata.js';

const NAME_A_RUN = 'name the folder of a run, e.g. runs/static-shapes';

const timeLimitSchema = v.object({ update: integer(0) });

/** Whether there is a file with something in it, or a folder with such a file. */
function holdsSomething(path: string): boolean {
  if (!existsSync(path)) return false;
  const stat = statSync(path);
  return stat.isDirectory() ? readdirSync(path).some((name) => holdsSomething(join(path, name))) : stat.size > 0;
}

/** A path without links; as it is where it leads to nothing. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

const configFile = (config: RunConfig) => `${JSON.stringify(config, null, 2)}\n`;

/** A checkpoint, and a sentence where it is not the newest. */
export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly notice?: string;
}

/** Weights and the metadata of their file. */
export type WeightsFile = ReturnType<typeof openSafetensors>;

/** The files of a run; every failure names the file and the remedy. */
export class RunFolder {
  readonly path: string;
  /** Of the file that is being written: a new array for each checkpoint of a long run is much garbage. */
  readonly #room = new Room((length) => new Uint8Array(length));
  /** False where the checkpoint before the last is the newest whole one. */
  #lastIsWhole = true;

  constructor(path: string) {
    this.path = path;
  }

  readonly #take = (length: number) => this.#room.take(length);

  /**
   * Starts a run: writes its configuration.
   * @param start weights that it starts from. Default: those that the seed gives
   * @returns the folder inside this one to which a run that was here has been moved
   * @throws UsageError where there is no run, and a file of another program has the name of a run's
   * @throws RunError where the folder cannot be written to
   */
  create(config: RunConfig, start?: NamedArrays): string | undefined {
    this.#requireNoOthers();
    let replaced: string | undefined;
    // The earlier run is moved only after the new configuration has been written to disk.
    writeWhole(join(this.path, CONFIG), configFile(config), () => {
      replaced = this.#clear();
      // Before the configuration takes its name: a run that has one has its start too.
      if (start) this.write(START, sealSafetensors(start));
    });
    return replaced;
  }

  /**
   * The weights that training starts from.
   * @throws RunError where they are missing or damaged
   */
  readStart(): NamedArrays {
    return this.#readWeights(START, ['start again with ', { type: 'trainElsewhere' }]).arrays;
  }

  /** Whether there is a run that is worth keeping. */
  holdsRun(): boolean {
    return KEPT_FILES.some((name) => holdsSomething(join(this.path, name)));
  }

  /** Whether a file is one that {@link create} would move away with the run that is here. */
  wouldReplace(file: string): boolean {
    const [first] = relative(real(this.path), real(file)).split(sep);
    return first !== undefined && (RUN_FILES.includes(first) || first.startsWith(EVENTS));
  }

  /** Writes the configuration of a run that goes on with another, e.g. because its data have moved. */
  changeConfig(config: RunConfig): void {
    this.write(CONFIG, configFile(config));
  }

  /** What is there under the names of a run's files, the configuration last. */
  #found(): string[] {
    const events = existsSync(this.path) ? readdirSync(this.path).filter((name) => name.startsWith(EVENTS)) : [];
    return [...events, ...RUN_FILES.filter((name) => existsSync(join(this.path, name)))];
  }

  #hasConfig(): boolean {
    try {
      this.readConfig();
      return true;
    } catch {
      return false;
    }
  }

  /**
   * A folder without a run may be that of another program, and what has the names of a run's files is then that program's.
   * @throws UsageError that names the first of them
   */
  #requireNoOthers(): void {
    if (this.holdsRun()) return;
    const isOfRun = this.#hasConfig();
    const isOurs = (name: string) => (name.startsWith(EVENTS) ? isOwnEvents(name) : isOfRun);
    const other = this.#found().find((name) => !isOurs(name) && holdsSomething(join(this.path, name)));
    if (other === undefined) return;
    throw new UsageError(`${join(this.path, other)} is not of a run, and the new run would replace it`, [
      'move it elsewhere, or start with ',
      { type: 'trainElsewhere' },
      '.',
    ]);
  }

  /** Moves a run into `replaced/<n>`; removes what is left of one that has nothing yet. */
  #clear(): string | undefined {
    const file = (name: string) => join(this.path, name);
    const found = this.#found();
    if (!this.holdsRun()) {
      for (const name of found) rmSync(file(name), { recursive: true });
      return undefined;
    }
    makeFolder(file(REPLACED));
    const numbers = readdirSync(file(REPLACED)).map(Number).filter(Number.isSafeInteger);
    const target = join(file(REPLACED), String(Math.max(0, ...numbers) + 1));
    mkdirSync(target);
    for (const name of found) renameSync(file(name), join(target, name));
    return target;
  }

  /** Writes a file whole or not at all: into a temporary file that then takes the name. */
  write(name: string, content: string | Uint8Array): void {
    writeWhole(join(this.path, name), content);
  }

  appendEpoch({ seconds: _, ...record }: EpochRecord): void {
    appendFlushed(join(this.path, METRICS), `${JSON.stringify(record)}\n`);
  }

  /** Notes the wall-clock time of a stretch of an epoch that ended with `update`. */
  appendTime(epoch: number, update: number, seconds: number): void {
    appendFlushed(join(this.path, TIMING), timingLine({ epoch, update, seconds }));
  }

  appendLosses(losses: readonly UpdateLoss[]): void {
    if (losses.length > 0) appendFlushed(join(this.path, LOSSES), losses.map(lossLine).join(''));
  }

  /** Notes what the run is trained with, where that is not what it was trained with last. */
  noteMachine(machine: Machine): void {
    if (isDeepStrictEqual(this.readMachines().at(-1), machine)) return;
    appendFlushed(join(this.path, MACHINES), `${JSON.stringify(machine)}\n`);
  }

  /** What the run was trained with, in its order; nothing of a run of an older version. */
  readMachines(): Machine[] {
    return readable(this.#log(MACHINES), machineSchema);
  }

  /** Losses of single updates; none of a run of an older version. */
  readLosses(): UpdateLoss[] {
    return parseLosses(this.#log(LOSSES));
  }

  /** Writes the newest checkpoint; the one before is kept beside it until the next. */
  writeCheckpoint(checkpoint: Omit<Checkpoint, 'config'>, config: RunConfig): void {
    const [last, previous] = [join(this.path, LAST), join(this.path, PREVIOUS)];
    const bytes = encodeCheckpoint({ ...checkpoint, config: configText(config) }, this.#take);
    writeWhole(last, bytes, () => {
      // The checkpoint before a damaged one stays where it is: the only whole one.
      if (!this.#lastIsWhole || !existsSync(last)) return;
      rmSync(previous, { force: true });
      try {
        // A second name, so that there is a checkpoint under the first at any instant.
        linkSync(last, previous);
      } catch {
        renameSync(last, previous);
      }
    });
    this.#lastIsWhole = true;
  }

  /**
   * The newest whole checkpoint; undefined before the first.
   * @throws RunError where none is whole, or it is of another configuration
   */
  readCheckpoint(config: RunConfig): FoundCheckpoint | undefined {
    const present = [LAST, PREVIOUS].filter((name) => existsSync(join(this.path, name)));
    const damages: string[] = [];
    for (const name of present) {
      const found = this.#tryCheckpoint(name);
      if (typeof found === 'string') {
        damages.push(found);
        continue;
      }
      this.#requireConfig(join(this.path, name), found.config, config);
      const { checkpoint } = found;
      if (name === LAST) return { checkpoint };
      this.#lastIsWhole = false;
      const why = damages[0] ?? `${join(this.path, LAST)} is missing`;
      return { checkpoint, notice: `${why}: going on from the checkpoint before it.` };
    }
    if (damages.length === 0) return undefined;
    throw new RunError(
      `${damages.join(' and ')}: no checkpoint is whole`,
      ['start again with ', { type: 'trainElsewhere' }, '.'],
      { joint: ', ' },
    );
  }

  /** A checkpoint with its configuration; where it cannot be read or is damaged, a clause that says so. */
  #tryCheckpoint(name: string): { readonly checkpoint: Checkpoint; readonly config: RunConfig } | string {
    const file = join(this.path, name);
    try {
      const checkpoint = decodeCheckpoint(readWhole(file, LARGEST_WEIGHTS, 'make it readable'));
      return { checkpoint, config: readConfigText(checkpoint.config) };
    } catch (error) {
      return error instanceof RunError ? error.reason : `${file} is damaged (${reason(error)})`;
    }
  }

  #requireConfig(file: string, found: RunConfig, config: RunConfig): void {
    if (isSameConfig(found, config)) return;
    throw new RunError(
      `${file} is of another configuration than ${join(this.path, CONFIG)}`,
      'undo the change of config.json, or train in another folder.',
    );
  }

  /**
   * Whether the log of epochs has all lines of a checkpoint and whole ones after them: those of an epoch that a time limit cut
   * short, or of one that ended right before the process did.
   */
  isAhead(metrics: string): boolean {
    try {
      const found = this.#log(METRICS);
      return found.startsWith(metrics) && parseEpochs(found.slice(metrics.length)).length > 0;
    } catch {
      return false;
    }
  }

  writeMetrics(metrics: string): void {
    this.write(METRICS, metrics);
  }

  /** Puts times and losses back to the moment of an update: what is after it is trained again. */
  cutLogs(update: number): void {
    this.write(TIMING, timingUntil(this.#log(TIMING), update));
    this.write(LOSSES, parseLosses(this.#log(LOSSES), update).map(lossLine).join(''));
  }

  #remove(name: string): void {
    try {
      rmSync(join(this.path, name), { force: true });
    } catch (error) {
      throw writeError(join(this.path, name), error);
    }
  }

  /**
   * Writes the weights of the best epoch, with everything in their metadata that it takes to use them without this folder.
   * @param epoch that they are of, where it is known
   */
  writeBest(parameters: NamedArrays, config: RunConfig, epoch?: EpochMetrics): void {
    this.write(BEST, sealSafetensors(parameters, weightsMetadata(config, epoch), { room: this.#take }));
  }

  /** Notes that the time limit has ended training at the checkpoint of an update: a validation and an evaluation are left. */
  noteTimeLimit(update: number): void {
    this.write(TIME_LIMIT, `${JSON.stringify({ update })}\n`);
  }

  /** The update that {@link noteTimeLimit} has noted; undefined where nothing is left to be done after a time limit. */
  timeLimitUpdate(): number | undefined {
    try {
      return v.parse(timeLimitSchema, parseBoundedJson(this.#log(TIME_LIMIT), { characters: 64, values: 4 })).update;
    } catch {
      // Absent, or damaged: training then goes on.
      return undefined;
    }
  }

  /** Notes that what follows a time limit has been done. */
  clearTimeLimit(): void {
    this.#remove(TIME_LIMIT);
  }

  /** @param notice told in one sentence where an older version wrote the configuration in another form. Default: nobody */
  readConfig(notice?: (sentence: string) => void): RunConfig {
    const file = join(this.path, CONFIG);
    return configFrom(file, () => readWhole(file, LARGEST_CONFIG, NAME_A_RUN).toString('utf8'), notice);
  }

  #log(name: string): string {
    const file = join(this.path, name);
    return existsSync(file) ? readWhole(file, LARGEST_LOG, 'make it readable').toString('utf8') : '';
  }

  /** Every epoch with its wall-clock time; none before the first has ended. */
  readEpochs(): EpochRecord[] {
    const file = join(this.path, METRICS);
    try {
      return addTimes(parseEpochs(this.#log(METRICS)), this.#log(TIMING));
    } catch (error) {
      if (error instanceof RunError) throw error;
      throw new RunError(`${file} has a damaged line (${reason(error)})`, 'remove that line.');
    }
  }

  /** @throws RunError where there is no run, and before the first epoch has ended: there are no weights to use yet */
  requireBest(): void {
    if (existsSync(join(this.path, BEST))) return;
    // A folder without a run is reported as such.
    this.readConfig();
    throw new RunError(`no epoch of the run in ${this.path} has ended yet, so that there are no weights to use`, [
      'go on with ',
      { type: 'resumeRun', run: this.path },
      ' until one has.',
    ]);
  }

  /**
   * The weights of the best epoch.
   * @throws RunError before the first epoch has ended
   */
  readBest(): NamedArrays {
    return this.readBestFile().arrays;
  }

  /** The same with the metadata of their file. */
  readBestFile(): WeightsFile {
    this.requireBest();
    return this.#readWeights(BEST);
  }

  /** @param remedy what mends a file that cannot be read, without a full stop */
  #readWeights(name: string, remedy?: Remedy): WeightsFile {
    const file = join(this.path, name);
    try {
      return openSafetensors(readWhole(file, LARGEST_WEIGHTS, remedy ?? 'make it readable'));
    } catch (error) {
      if (error instanceof RunError) throw error;
      throw new RunError(`${file} cannot be read: ${reason(error)}`, remedy && [remedy, '.'].flat(), { joint: '; ' });
    }
  }
}
