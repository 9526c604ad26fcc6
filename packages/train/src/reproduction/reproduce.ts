import { join } from 'node:path';
import { enginePrecision } from '../engines/create-engine.js';
import { chooseEngine } from '../engines/table.js';
import { option, RunError, UsageError } from '../errors.js';
import { RunFolder } from '../run/run-folder.js';
import type { RunLock } from '../run/run-lock.js';
import { writeDocument } from '../system/write-document.js';
import { numberRanges } from '../words.js';
import { type ReproducedRun, type Reproduction, reproductionReport } from './report.js';
import { RESULTS, trainingsOf } from './results.js';
import { experimentOf, type RunCommand, type RunOptions } from './runs.js';
import { doTask, type Follower, finishedTask, type TaskPlan, tasksOf } from './tasks.js';

export interface ReproduceOptions extends Omit<RunOptions, 'folder'> {
  /** Runs of each network, with the seeds 0, 1 … */
  readonly seeds: number;
  /** Inputs of each evaluation. Default: all; with `maxMinutes`, {@link INPUTS_PER_MINUTE} for each. */
  readonly count?: number;
  /** Where runs and report go. */
  readonly out: string;
}

/** What is to be reproduced, and with which options. */
export interface ReproductionPlan extends TaskPlan, ReproduceOptions {}

/** Inputs of an evaluation for each minute of training: a short rehearsal is not to spend its hours on evaluations. */
const INPUTS_PER_MINUTE = 200;

function inputLimit({ count, maxMinutes }: ReproduceOptions): number | undefined {
  if (count !== undefined || maxMinutes === undefined) return count;
  return Math.ceil(INPUTS_PER_MINUTE * maxMinutes);
}

/**
 * What the name of a result, or `all`, asks for.
 * @throws UsageError for an unknown result, and for settings that an experiment does not have
 */
export function planReproduction(name: string, options: ReproduceOptions): ReproductionPlan {
  const results = name === 'all' ? RESULTS : RESULTS.filter(({ id }) => id === name);
  if (results.length === 0) {
    throw new UsageError(`unknown result '${name}'`, `use ${RESULTS.map(({ id }) => id).join(', ')} or all.`);
  }
  for (const training of trainingsOf(results)) experimentOf(training, options.set, options.recipe);
  return { ...options, results, count: inputLimit(options), folder: join(options.out, 'runs') };
}

/** @throws UsageError for an engine that is unknown or does not run here, and for a precision that it does not have */
export async function requireEngine({ engine, precision }: ReproduceOptions): Promise<void> {
  if (engine !== undefined || precision !== undefined) await enginePrecision(await chooseEngine(engine), precision);
}

/** Every run that the results need, with its evaluations: what there is already is reused. */
export async function reproduceRuns(
  plan: ReproductionPlan,
  run: RunCommand,
  lock: RunLock,
  follower: Follower,
): Promise<ReproducedRun[]> {
  const tasks = tasksOf(plan);
  const runs: ReproducedRun[] = [];
  for (const task of tasks) {
    follower.tell(`run ${task.number + 1} of ${tasks.length}: ${task.training.id}, seed ${task.seed}`);
    lock.check();
    runs.push(await doTask(plan, task, run, follower));
    await follower.pause();
  }
  return runs;
}

/**
 * Every run that the results need, with its evaluations, once each task has been done.
 * @throws RunError that names the tasks that are missing
 */
export function finishedRuns(plan: ReproductionPlan): ReproducedRun[] {
  const runs = tasksOf(plan).map((task) => ({ task, run: finishedTask(plan, task) }));
  const missing = runs.flatMap(({ task, run }) => (run ? [] : [task.number]));
  if (missing.length > 0) {
    const [those, them] =
      missing.length === 1 ? [`task ${missing[0]} is`, 'it'] : [`tasks ${numberRanges(missing)} are`, 'them'];
    throw new RunError(`${those} not done yet, and the report needs ${them}`, [
      'do each with ',
      option('task'),
      ' in place of ',
      option('report'),
      '.',
    ]);
  }
  return runs.flatMap(({ run }) => run ?? []);
}

/** Writes the report of a reproduction, in Markdown and HTML; returns its folder. */
export async function writeReproduction(reproduction: Reproduction, out: string): Promise<string> {
  const folder = new RunFolder(join(out, 'report'));
  await writeDocument(reproductionReport(reproduction), (name, content) => folder.write(name, content));
  return folder.path;
}
