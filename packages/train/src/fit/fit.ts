import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Precision } from '../engines/precision.js';
import { option, RunError, UsageError } from '../errors.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import { isDataset } from '../experiments/custom-dataset.js';
import { sourceOf } from '../experiments/dataset-config.js';
import type { DefinedExperiment } from '../experiments/define.js';
import { openExperiment } from '../experiments/open-experiment.js';
import { type Experiment, parseExperiment } from '../experiments/schema.js';
import { type Names, requireOptions } from '../require-options.js';
import { bestEpoch, type EpochRecord, type UpdateLoss } from '../run/epoch-record.js';
import type { Follower, Job, ProgressView } from '../run/job.js';
import { resumeRun, startRun } from '../run/open-run.js';
import { isSameExperiment } from '../run/run-config.js';
import { RunFolder } from '../run/run-folder.js';
import { epochsOf } from '../run/stages.js';
import { clearTimeLimit, trainJob } from '../run/train-job.js';
import { type Abort, pauseFor, requireSignal } from '../system/abort.js';
import { isObject } from '../system/json.js';
import { requireNumber } from '../system/numbers.js';
import { isLive } from '../terminal/terminal.js';
import { trainingProgress } from '../terminal/training-progress.js';
import type { Ending } from '../trainer/train.js';
import { scoreRun } from './score-run.js';

/** What a program may be told while it trains. Each is waited for; what one throws ends the training. */
export interface FitCallbacks {
  /** After each update. */
  onStep?(
    update: UpdateLoss & { readonly epoch: number; readonly step: number; readonly steps: number },
  ): void | Promise<void>;
  /**
   * After each epoch, one that the time limit cut short too; `best` where its validation loss is the lowest so far. In stages, epochs
   * and updates are counted, and losses compared, from the start of the record's `stage`.
   */
  onEpoch?(record: EpochRecord, best: boolean): void | Promise<void>;
  /** A sentence on what happens, e.g. where an earlier run has been moved. Default: to the terminal, as `progress` says */
  onMessage?(sentence: string): void;
}

export interface FitOptions {
  /** What {@link defineExperiment} returns, an experiment of the list or its name, or a file: `./bars.mjs`, `bars.json`. */
  readonly experiment: DefinedExperiment | Experiment | string;
  /** The run folder; an earlier run in it is moved aside. Default: `runs/<name of the experiment>` */
  readonly out?: string;
  /** Goes on with the run in the folder, where there is one of the same experiment. Default false. */
  readonly resume?: boolean;
  /**
   * Of everything random but the data that are a user's own, an integer of at least 0. Default: 0, or that of the run that goes on; it
   * must have no other.
   */
  readonly seed?: number;
  /**
   * `cuda`, `webgpu`, `native`, `wasm`, `cpu`, or `auto`: the best of this machine. Default: `auto`, or that of the run that goes on, which
   * may go on with another.
   */
  readonly engine?: string;
  /** Threads of the engines `native` and `wasm`. Default: one a core, or as many as those of the run that goes on */
  readonly workers?: number;
  /**
   * What products are computed in: `bfloat16` on the engine native, `float16` (the forward half) on webgpu. Default: float32, or that of
   * the run that goes on; it must have no other.
   */
  readonly precision?: Precision;
  /** Training ends after so many minutes of this call, a number above 0. Default: no limit */
  readonly maxMinutes?: number;
  /** Minutes between checkpoints, besides one an epoch, a number above 0. Default 5. */
  readonly checkpointMinutes?: number;
  /** Test inputs that the best weights are scored on, an integer of at least 0; 0 for none. Default: all */
  readonly testInputs?: number;
  /** Shows a progress bar and a line an epoch. Default: whether the standard error stream is a terminal */
  readonly progress?: boolean;
  readonly callbacks?: FitCallbacks;
  /**
   * Aborted before training begins, it ends the call with its reason, and nothing is touched; while training goes on, training ends at
   * a checkpoint, and the run's ending is `stopped`; while test inputs are scored, it ends the call with its reason: the run has been
   * trained, and `resume: true` scores it.
   */
  readonly signal?: Abort;
}

const CALLBACKS: Names<FitCallbacks> = { onStep: true, onEpoch: true, onMessage: true };

const NAMES: Names<FitOptions> = {
  experiment: true,
  out: true,
  resume: true,
  seed: true,
  engine: true,
  workers: true,
  precision: true,
  maxMinutes: true,
  checkpointMinutes: true,
  testInputs: true,
  progress: true,
  callbacks: true,
  signal: true,
};

/** A run that has been trained. */
export interface FittedRun {
  /** Its folder: weights, records and report are there. */
  readonly path: string;
  readonly experiment: Experiment;
  readonly ending: Ending;
  /** Of a run in stages those of all its stages, counted on from stage to stage. */
  readonly epochs: readonly EpochRecord[];
  /** The epoch of the lowest validation loss, whose weights are kept. */
  readonly best?: EpochRecord;
  /** Scores of the best weights on the test inputs; absent where none were asked for, or training was stopped. */
  readonly test?: EvaluationRecord;
}

const NO_VIEW: ProgressView = {
  step: () => undefined,
  epoch: () => undefined,
  cutEpoch: () => undefined,
  end: () => undefined,
};

/** Shows training, and tells the program. */
function viewOf({ callbacks = {} }: FitOptions, shown: ProgressView): ProgressView {
  const epoch: ProgressView['epoch'] = async (record, best) => {
    await callbacks.onEpoch?.(record, best);
  };
  return {
    async step(update) {
      await shown.step(update);
      await callbacks.onStep?.(update);
    },
    async epoch(record, best, weights) {
      await shown.epoch(record, best, weights);
      await epoch(record, best, weights);
    },
    async cutEpoch(record, best, weights) {
      await shown.cutEpoch(record, best, weights);
      await epoch(record, best, weights);
    },
    end: () => shown.end(),
  };
}

function followerOf(options: FitOptions): Follower {
  const { callbacks, signal, progress = isLive(process.stderr) } = options;
  const tell = (sentence: string) => {
    if (callbacks?.onMessage) callbacks.onMessage(sentence);
    else if (progress) console.error(sentence);
  };
  return {
    tell,
    async stop() {
      // A computation on this thread keeps out what would abort.
      if (signal) await turn();
      return signal?.aborted ?? false;
    },
    view: (maxMinutes) => viewOf(options, progress ? trainingProgress(maxMinutes) : NO_VIEW),
  };
}

/**
 * @throws UsageError for what is no experiment: a program without types may give anything
 */
async function defined(given: unknown): Promise<DefinedExperiment> {
  if (typeof given === 'string') return openExperiment(given);
  const remedy = 'give what defineExperiment returns, an experiment of the list or its name.';
  if (!isObject(given)) throw new UsageError(`the experiment is ${String(given)}`, remedy);
  if ('experiment' in given) {
    const { experiment, dataset } = given as unknown as DefinedExperiment;
    return { experiment: parseExperiment(experiment), dataset };
  }
  if (!isObject(given.dataset)) throw new UsageError('the experiment has no dataset', remedy);
  if (isDataset(given.dataset) || given.name === undefined || given.network === undefined) {
    throw new UsageError(
      'the experiment is a definition of one, with no defaults filled in',
      'give what defineExperiment returns of it.',
    );
  }
  return { experiment: parseExperiment(given) };
}

/** @throws UsageError for a number that is out of its range */
function requireNumbers({ seed, maxMinutes, checkpointMinutes, testInputs }: FitOptions): void {
  requireNumber('seed', seed, 'an integer of at least 0');
  requireNumber('maxMinutes', maxMinutes, 'a number above 0');
  requireNumber('checkpointMinutes', checkpointMinutes, 'a number above 0');
  requireNumber('testInputs', testInputs, 'an integer of at least 0');
}

/** @throws UsageError for a callback that cannot be called */
function requireCallbacks(callbacks: FitCallbacks | undefined): void {
  if (callbacks === undefined) return;
  requireOptions(callbacks, "fit's callbacks", CALLBACKS);
  for (const [name, callback] of Object.entries(callbacks)) {
    if (callback === undefined || typeof callback === 'function') continue;
    throw new UsageError(`the callback ${name} is ${String(callback)}`, 'give a function, or leave it out.');
  }
}

/**
 * That a run that goes on is the one that is asked for; what computes it may be another.
 * @throws UsageError where its experiment, seed or precision is another
 */
function requireSameRun(folder: RunFolder, experiment: Experiment, { seed, precision }: FitOptions): void {
  const config = folder.readConfig();
  const remedy = 'leave out resume, or train in another folder.';
  if (!isSameExperiment(config.experiment, experiment)) {
    throw new UsageError(`the run in ${folder.path} is of another experiment`, remedy);
  }
  if (seed !== undefined && seed !== config.seed) {
    throw new UsageError(`the run in ${folder.path} has the seed ${config.seed}, and ${seed} is asked for`, remedy);
  }
  const { precision: known = 'float32' } = config;
  if (precision !== undefined && precision !== known) {
    throw new UsageError(`the run in ${folder.path} computes in ${known}, and ${precision} is asked for`, remedy);
  }
}

/** @throws UsageError for what is not a path, and for a name that would lead out of the folder of runs */
function outOf(out: unknown, { name }: Experiment): string {
  if (out === undefined) {
    if (!/[/\\]|^\.\.?$/.test(name)) return join('runs', name);
    throw new UsageError(`the experiment's name is '${name}', which is not that of a folder`, [
      'give ',
      option('out'),
      '.',
    ]);
  }
  if (typeof out === 'string' && out !== '') return out;
  throw new UsageError(
    `the option out is ${out === '' ? "''" : String(out)}`,
    "give a folder's path, or leave it out.",
  );
}

/** The run to train: a new one, or the one that is in the folder. */
async function open(
  options: FitOptions,
  { experiment, dataset: data }: DefinedExperiment,
  tell: (sentence: string) => void,
): Promise<Job> {
  const { resume = false, seed, engine, workers, precision, maxMinutes, checkpointMinutes, signal } = options;
  const path = outOf(options.out, experiment);
  const limits = { maxMinutes, checkpointMinutes };
  const pause = pauseFor(signal);
  const folder = new RunFolder(path);
  if (!resume || !folder.holdsRun()) {
    return startRun({ experiment, data, seed, engine, workers, precision, path, pause }, limits, tell);
  }
  requireSameRun(folder, experiment, options);
  // A file or a module may have moved since.
  return resumeRun({ path, data: sourceOf(experiment.dataset) ?? data, engine, workers, pause }, limits, tell);
}

/**
 * Trains an experiment and scores its best weights on the test inputs. Its folder, lock, checkpoints, records, report and TensorBoard
 * events come with it, as with `nem train`: the commands of `nem` take the folder.
 *
 * ```ts
 * const run = await fit({ experiment: defineExperiment({ dataset: bars, components: 3 }), out: 'runs/bars' });
 * console.log(run.test?.adjustedMutualInfo.max);
 * ```
 * @throws UsageError for an unknown option, what is no experiment, callback or signal, and a number that is out of its range, before
 * anything is touched
 * @throws UsageError, DatasetError, NetworkError for what cannot be trained; RunError where the folder is in use or not writable, a
 * value is not finite, or the engine ends
 * @throws the reason of `signal`, see there
 */
export async function fit(options: FitOptions): Promise<FittedRun> {
  requireOptions(options, 'fit', NAMES);
  requireCallbacks(options.callbacks);
  requireNumbers(options);
  const { signal, testInputs, engine, workers, progress } = options;
  requireSignal(signal);
  signal?.throwIfAborted();
  const follower = followerOf(options);
  const { experiment, dataset } = await defined(options.experiment);
  const job = await open(options, { experiment, dataset }, follower.tell);
  const { folder } = job;
  try {
    const ending = await trainJob(job, follower);
    const epochs = epochsOf(folder, experiment);
    const run = { path: folder.path, experiment, ending, epochs, best: bestEpoch(epochs) };
    if (ending === 'stopped') return run;
    if (testInputs === 0) {
      clearTimeLimit(job);
      return run;
    }
    if (!run.best) throw new RunError(`no epoch of the run in ${folder.path} has a loss that is a number`);
    const test = await scoreRun(folder, { dataset, count: testInputs, engine, workers, progress, signal });
    clearTimeLimit(job);
    return { ...run, test };
  } finally {
    job.lock.release();
  }
}
