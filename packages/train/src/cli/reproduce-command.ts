import {
  planReproduction,
  type ReproduceOptions,
  reproduceRuns,
  writeReproduction,
} from '../reproduction/reproduce.js';
import { reproductionSummary } from '../reproduction/summary.js';
import { RunLock } from '../run/run-lock.js';
import { interruptible } from './interruption.js';
import { runNem } from './run-nem.js';

export interface ReproduceArguments extends ReproduceOptions {
  readonly json?: boolean;
}

/** `nem reproduce`: trains and evaluates what results need, each run in a process of its own, and writes the report. */
export async function reproduceCommand(name: string, options: ReproduceArguments): Promise<void> {
  const { json, ...asked } = options;
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
    if (json) console.log(JSON.stringify(reproductionSummary(reproduction)));
    else console.log(`report in ${report}/index.html and ${report}/index.md`);
  } finally {
    lock.release();
  }
}
