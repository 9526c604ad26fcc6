import { join } from 'node:path';
import { documentHtml, documentMarkdown, type ReportDocument } from '@nem/report';
import { enginePrecision } from '../engines/create-engine.js';
import type { Precision } from '../engines/precision.js';
import { chooseEngine } from '../engines/table.js';
import { UsageError } from '../errors.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import { type ReproducedRun, type Reproduction, reproductionReport, scoreValues } from '../reproduction/report.js';
import { evaluationsOf, RESULTS, type Result, type Training, trainingsOf } from '../reproduction/results.js';
import { ensureEvaluation, ensureRun, experimentOf, type RunCommand, type RunOptions } from '../reproduction/runs.js';
import { statistics } from '../reproduction/statistics.js';
import { RunFolder } from '../run/run-folder.js';
import { RunLock } from '../run/run-lock.js';
import { PAPER_SCORE, SCORES } from '../scores/table.js';
import { svgToPng } from '../system/svg-to-png.js';
import { interruptible } from './interruption.js';
import { runNem } from './run-nem.js';

export interface ReproduceArguments {
  readonly engine?: string;
  readonly workers?: number;
  readonly precision?: Precision;
  readonly seeds: number;
  readonly maxMinutes?: number;
  /** Inputs of each evaluation. Default: all; with `maxMinutes`, {@link INPUTS_PER_MINUTE} for each. */
  readonly count?: number;
  readonly set: readonly string[];
  readonly out: string;
  readonly json?: boolean;
}

/** Inputs of an evaluation for each minute of training: a short rehearsal is not to spend its hours on evaluations. */
const INPUTS_PER_MINUTE = 200;

function inputLimit({ count, maxMinutes }: ReproduceArguments): number | undefined {
  if (count !== undefined || maxMinutes === undefined) return count;
  return Math.ceil(INPUTS_PER_MINUTE * maxMinutes);
}

function chooseResults(name: string): readonly Result[] {
  const found = name === 'all' ? RESULTS : RESULTS.filter(({ id }) => id === name);
  if (found.length === 0) {
    throw new UsageError(`unknown result '${name}'`, `use ${RESULTS.map(({ id }) => id).join(', ')} or all.`);
  }
  return found;
}

/** `nem reproduce`: trains and evaluates what results need, reuses what there is, and writes the report. */
export async function reproduceCommand(name: string, options: ReproduceArguments): Promise<void> {
  const results = chooseResults(name);
  const { engine, precision, seeds, maxMinutes, set, out } = options;
  const count = inputLimit(options);
  if (engine !== undefined || precision !== undefined) await enginePrecision(await chooseEngine(engine), precision);
  const trainings = trainingsOf(results);
  for (const training of trainings) experimentOf(training, set);
  const lock = await RunLock.acquire(out);
  try {
    const runs = await reproduceRuns(results, trainings, { ...options, count }, lock);
    const reproduction = { results, runs, seeds, precision, maxMinutes, count, set };
    const folder = new RunFolder(join(out, 'report'));
    await writeReport(folder, reproductionReport(reproduction));
    if (options.json) console.log(JSON.stringify(summary(reproduction)));
    else console.log(`report in ${folder.path}/index.html and ${folder.path}/index.md`);
  } finally {
    lock.release();
  }
}

/** Every run that the results need, with its evaluations; a signal ends the one in progress in order. */
function reproduceRuns(
  results: readonly Result[],
  trainings: readonly Training[],
  { engine, workers, precision, seeds, maxMinutes, count, set, out }: ReproduceArguments,
  lock: RunLock,
): Promise<ReproducedRun[]> {
  const work = trainings.flatMap((training) => Array.from({ length: seeds }, (_, seed) => ({ training, seed })));
  const options = { engine, workers, precision, maxMinutes, count, set, folder: join(out, 'runs') };
  return interruptible('the run in progress ends in order', 'go on with the same command.', async (interruption) => {
    const runs: ReproducedRun[] = [];
    const run = runNem(interruption.abort);
    for (const [index, { training, seed }] of work.entries()) {
      console.error(`run ${index + 1} of ${work.length}: ${training.id}, seed ${seed}`);
      lock.check();
      runs.push(await reproduceRun(results, training, seed, options, run));
      await interruption.check();
    }
    return runs;
  });
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

/** Both forms of the report, and every figure as a file of its own. */
async function writeReport(folder: RunFolder, document: ReportDocument): Promise<void> {
  for (const block of document.sections.flatMap(({ blocks }) => blocks)) {
    if (block.type === 'picture') folder.write(`${block.file}.png`, block.png);
    if (block.type !== 'chart') continue;
    folder.write(`${block.file}.svg`, block.light);
    folder.write(`${block.file}.png`, await svgToPng(block.light));
  }
  folder.write('index.md', documentMarkdown(document));
  folder.write('index.html', documentHtml(document));
}

/** The scores for a script. */
function summary(reproduction: Reproduction) {
  const { results, seeds, precision, maxMinutes, count, set } = reproduction;
  return {
    rehearsal: maxMinutes !== undefined || count !== undefined || set.length > 0,
    ...{ seeds, precision, maxMinutes, count, set },
    scores: results.flatMap(({ id, scores }) =>
      scores.map((score) => {
        const values = scoreValues(reproduction, score);
        const { training, evaluatedOn, published } = score;
        const quantity = SCORES[score.quantity ?? PAPER_SCORE].name;
        return { result: id, training: training.id, evaluatedOn, quantity, values, ...statistics(values), published };
      }),
    ),
  };
}
