import type { ReproducedRun } from '../reproduction/report.js';
import {
  planReproduction,
  type ReproduceOptions,
  reproduceRuns,
  writeReproduction,
} from '../reproduction/reproduce.js';
import { reproductionSummary } from '../reproduction/summary.js';
import { recordRun } from '../results/record-run.js';
import { writeResults } from '../results/write-results.js';
import { RunFolder } from '../run/run-folder.js';
import { RunLock } from '../run/run-lock.js';
import { interruptible } from './interruption.js';
import { runNem } from './run-nem.js';

export interface ReproduceArguments extends ReproduceOptions {
  /** A folder of results in which the runs are recorded. Default: none */
  readonly results?: string;
  readonly json?: boolean;
}

/** `nem reproduce`: trains and evaluates what results need, each run in a process of its own, and writes the report. */
export async function reproduceCommand(name: string, options: ReproduceArguments): Promise<void> {
  const { json, results: records, ...asked } = options;
  const plan = await planReproduction(name, asked);
  const lock = await RunLock.acquire(plan.out);
  try {
    const [notice, remedy] = ['the run in progress ends in order', 'go on with the same command.'];
    const runs = await interruptible(notice, remedy, (interruption) => {
      const follower = { tell: console.error, pause: () => interruption.check() };
      return reproduceRuns(plan, runNem(interruption.abort), lock, follower);
    });
    const { results, seeds, precision, maxMinutes, count, set, out } = plan;
    const reproduction = { results, runs, seeds, precision, maxMinutes, count, set };
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
