import { join } from 'node:path';
import { enginePrecision } from '../engines/create-engine.js';
import { chooseEngine } from '../engines/table.js';
import { UsageError } from '../errors.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import { RunFolder } from '../run/run-folder.js';
import type { RunLock } from '../run/run-lock.js';
import { writeDocument } from '../system/write-document.js';
import { type ReproducedRun, type Reproduction, reproductionReport } from './report.js';
import { evaluationsOf, RESULTS, type Result, type Training, trainingsOf } from './results.js';
import { ensureEvaluation, ensureRun, experimentOf, type RunCommand, type RunOptions } from './runs.js';

export interface ReproduceOptions extends Omit<RunOptions, 'folder'> {
  /** Runs of each network, with the seeds 0, 1 … */
  readonly seeds: number;
  /** Inputs of each evaluation. Default: all; with `maxMinutes`, {@link INPUTS_PER_MINUTE} for each. */
  readonly count?: number;
  /** Where runs and report go. */
  readonly out: string;
}

/** What is to be reproduced, and with which options. */
interface ReproductionPlan extends ReproduceOptions {
  readonly results: readonly Result[];
}

/** Whoever follows a reproduction. */
interface Follower {
  tell(sentence: string): void;
  /** Waited for after each run; what it throws ends the reproduction. */
  pause(): Promise<void>;
}

/** Inputs of an evaluation for each minute of training: a short rehearsal is not to spend its hours on evaluations. */
const INPUTS_PER_MINUTE = 200;

function inputLimit({ count, maxMinutes }: ReproduceOptions): number | undefined {
  if (count !== undefined || maxMinutes === undefined) return count;
  return Math.ceil(INPUTS_PER_MINUTE * maxMinutes);
}

/**
 * What the name of a result, or `all`, asks for.
 * @throws UsageError for an unknown result or engine, for a precision that the engine does not have, and for settings that an experiment does not have
 */
export async function planReproduction(name: string, options: ReproduceOptions): Promise<ReproductionPlan> {
  const results = name === 'all' ? RESULTS : RESULTS.filter(({ id }) => id === name);
  if (results.length === 0) {
    throw new UsageError(`unknown result '${name}'`, `use ${RESULTS.map(({ id }) => id).join(', ')} or all.`);
  }
  const { engine, precision } = options;
  if (engine !== undefined || precision !== undefined) await enginePrecision(await chooseEngine(engine), precision);
  for (const training of trainingsOf(results)) experimentOf(training, options.set, options.recipe);
  return { ...options, results, count: inputLimit(options) };
}

/** Every run that the results need, with its evaluations: what there is already is reused. */
export async function reproduceRuns(
  plan: ReproductionPlan,
  run: RunCommand,
  lock: RunLock,
  follower: Follower,
): Promise<ReproducedRun[]> {
  const { results, seeds, out, ...options } = plan;
  const work = trainingsOf(results).flatMap((training) =>
    Array.from({ length: seeds }, (_, seed) => ({ training, seed })),
  );
  const runs: ReproducedRun[] = [];
  for (const [index, { training, seed }] of work.entries()) {
    follower.tell(`run ${index + 1} of ${work.length}: ${training.id}, seed ${seed}`);
    lock.check();
    runs.push(await reproduceRun(results, training, seed, { ...options, folder: join(out, 'runs') }, run));
    await follower.pause();
  }
  return runs;
}

async function reproduceRun(
  results: readonly Result[],
  training: Training,
  seed: number,
  options: RunOptions,
  run: RunCommand,
): Promise<ReproducedRun> {
  const folder = await ensureRun(training, seed, options, run);
  const evaluations = new Map<string, EvaluationRecord>();
  for (const changes of evaluationsOf(results, training)) {
    evaluations.set(JSON.stringify(changes), await ensureEvaluation(folder, changes, options, run));
  }
  return { training, seed, path: folder.path, epochs: folder.readEpochs(), losses: folder.readLosses(), evaluations };
}

/** Writes the report of a reproduction, in Markdown and HTML; returns its folder. */
export async function writeReproduction(reproduction: Reproduction, out: string): Promise<string> {
  const folder = new RunFolder(join(out, 'report'));
  await writeDocument(reproductionReport(reproduction), (name, content) => folder.write(name, content));
  return folder.path;
}
