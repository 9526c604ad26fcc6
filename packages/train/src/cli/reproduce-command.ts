import type { ReproducedRun } from '../reproduction/report.js';
import {
  finishedRuns,
  planReproduction,
  type ReproduceOptions,
  type ReproductionPlan,
  reproduceRuns,
  requireEngine,
  writeReproduction,
} from '../reproduction/reproduce.js';
import { reproductionSummary } from '../reproduction/summary.js';
import { recordRun } from '../results/record-run.js';
import { writeResults } from '../results/write-results.js';
import { RunFolder } from '../run/run-folder.js';
import { RunLock } from '../run/run-lock.js';
import { interruptible } from './interruption.js';
import { listTasks, reproduceTask } from './reproduce-tasks.js';
import { runNem } from './run-nem.js';

export interface ReproduceArguments extends ReproduceOptions {
  /** Prints the tasks and does none. */
  readonly list?: boolean;
  /** Does one task; true: that of the array job. Default: all, and the report */
  readonly task?: number | true;
  /** Writes the report alone, once each task has been done. */
  readonly report?: boolean;
  /** A folder of results in which the runs are recorded. Default: none */
  readonly results?: string;
  readonly json?: boolean;
}

/** What follows the signal that ends a reproduction, and how to go on. */
const ENDING = ['the run in progress ends in order', 'go on with the same command.'] as const;

/** `nem reproduce`: trains and evaluates what results need, each run in a process of its own, and writes the report; or a part of it. */
export async function reproduceCommand(name: string, options: ReproduceArguments): Promise<void> {
  const { list, task, report, json, results, ...asked } = options;
  const plan = planReproduction(name, asked);
  if (list) return listTasks(plan, json);
  if (!report) await requireEngine(plan);
  if (task !== undefined)
    return interruptible(...ENDING, (interruption) => reproduceTask(plan, task, interruption, json));
  await reproduceAll(plan, report ? async () => finishedRuns(plan) : (lock) => trainAll(plan, lock), { results, json });
}

const trainAll = (plan: ReproductionPlan, lock: RunLock) =>
  interruptible(...ENDING, (interruption) => {
    const follower = { tell: console.error, pause: () => interruption.check() };
    return reproduceRuns(plan, runNem(interruption.abort), lock, follower);
  });

/** Writes the report of the runs that `runsOf` gives, the one writer of the folder of the reproduction. */
async function reproduceAll(
  plan: ReproductionPlan,
  runsOf: (lock: RunLock) => Promise<ReproducedRun[]>,
  { results: records, json }: Pick<ReproduceArguments, 'results' | 'json'>,
): Promise<void> {
  const lock = await RunLock.acquire(plan.out, { tell: console.error });
  try {
    const runs = await runsOf(lock);
    const { results, seeds, precision, recipe, maxMinutes, count, set, out } = plan;
    const reproduction = { results, runs, seeds, precision, recipe, maxMinutes, count, set };
    const report = await writeReproduction(reproduction, out);
    if (records !== undefined) await recordAll(runs, records);
    if (json) console.log(JSON.stringify(reproductionSummary(reproduction)));
    else console.log(`report in ${report}/index.html and ${report}/index.md`);
  } finally {
    lock.release();
  }
}

/** Records the runs in a folder of results. */
async function recordAll(runs: readonly ReproducedRun[], results: string): Promise<void> {
  for (const { path } of runs) recordRun(new RunFolder(path), results);
  console.error(`results in ${await writeResults(results)}`);
}
