import { UsageError } from '../errors.js';
import type { EvaluateRunOptions, EvaluationEvents } from '../evaluation/evaluate-run.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import { type Names, requireOptions } from '../require-options.js';
import { RunFolder } from '../run/run-folder.js';
import { RunLock } from '../run/run-lock.js';
import { type Abort, pauseFor, requireSignal } from '../system/abort.js';
import { evaluationProgress } from '../terminal/evaluation-progress.js';
import { isLive } from '../terminal/terminal.js';

const SILENT: EvaluationEvents = { start: () => undefined, progress: () => undefined, end: () => undefined };

export interface ScoreOptions extends EvaluateRunOptions {
  /** Shows a progress bar. Default: whether the standard error stream is a terminal */
  readonly progress?: boolean;
  /** Aborted, it ends the evaluation with its reason, and nothing is written. */
  readonly signal?: Abort;
}

/** Scores a run whose lock is held. The libraries that draw are loaded here, not before. */
export async function scoreRun(folder: RunFolder, options: ScoreOptions): Promise<EvaluationRecord> {
  const { progress = isLive(process.stderr), signal, ...changes } = options;
  const pause = pauseFor(signal);
  const events = progress ? evaluationProgress(pause) : { ...SILENT, progress: pause };
  const { evaluateRun } = await import('../evaluation/evaluate-run.js');
  const { record } = await evaluateRun(folder, changes, events);
  return record;
}

const NAMES: Names<ScoreOptions> = {
  experiment: true,
  data: true,
  dataset: true,
  components: true,
  objects: true,
  groupThreshold: true,
  frames: true,
  steps: true,
  split: true,
  count: true,
  seed: true,
  engine: true,
  workers: true,
  progress: true,
  signal: true,
};

/**
 * Scores the best weights of the run in a folder, by default on its test inputs, and writes its report, as `nem evaluate` does.
 * @throws DatasetError where `dataset` is not the data that the run was trained on, or these are drawn here or a file's
 * @throws UsageError for an unknown option, what is no path or signal, for changes that contradict each other or that the data do not
 * have, and for a number that is out of its range
 * @throws RunError for files that cannot be used, and where another process works on the folder
 * @throws the reason of `signal`
 */
export async function evaluateRun(path: string, options: ScoreOptions = {}): Promise<EvaluationRecord> {
  requireOptions(options, 'evaluateRun', NAMES);
  if (typeof path !== 'string') throw new UsageError(`the run's folder is ${String(path)}`, 'give its path.');
  const { progress = isLive(process.stderr), signal } = options;
  requireSignal(signal);
  signal?.throwIfAborted();
  const tell = (sentence: string) => {
    if (progress) console.error(sentence);
  };
  const folder = new RunFolder(path);
  folder.readConfig();
  const lock = await RunLock.acquire(path, { tell, pause: pauseFor(signal) });
  try {
    return await scoreRun(folder, options);
  } finally {
    lock.release();
  }
}
