import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import type { Precision } from '../engines/precision.js';
import { option, RunError } from '../errors.js';
import { countedSlug, type EvaluationChanges, planEvaluation } from '../evaluation/plan.js';
import { type EvaluationRecord, readEvaluations } from '../evaluation/record.js';
import { type Experiment, findExperiment, isDrawn, withRecipe, withSettings } from '../experiments/index.js';
import { RunFolder } from '../run/run-folder.js';
import { readWhole } from '../system/files.js';
import { positive } from '../system/numbers.js';
import type { Training } from './results.js';

export interface RunOptions {
  /** Default: the best of this machine; of runs that exist, theirs. */
  readonly engine?: string;
  /** Worker threads of an engine that has them. Default: one a core; of runs that exist, as many as theirs. */
  readonly workers?: number;
  /** What products are computed in while runs are trained. Default: float32. */
  readonly precision?: Precision;
  /** For the training of each run. Default: no limit. */
  readonly maxMinutes?: number;
  /** Inputs of each evaluation. Default: all. */
  readonly count?: number;
  /** Fields of every experiment that are changed. */
  readonly set: readonly string[];
  /** Default: the paper's settings. */
  readonly recipe?: string;
  /** The folder of runs. */
  readonly folder: string;
}

/** Starts `nem` with arguments and waits for it; its exit code. */
export type RunCommand = (args: readonly string[]) => Promise<number>;

/**
 * How a training ended, `reproduction.json` in its run folder: absent while it has not. `maxMinutes` is the time limit that
 * it was trained under; absent: trained to its end.
 */
const markSchema = v.object({ maxMinutes: v.optional(positive()) });
type Mark = v.InferOutput<typeof markSchema>;

const MARK = 'reproduction.json';
const LARGEST_MARK = 4096;

/** The mark of a run that has ended; a damaged one is as good as none: the run then goes on from its checkpoint. */
function readMark({ path }: RunFolder): Mark | undefined {
  const file = join(path, MARK);
  if (!existsSync(file)) return undefined;
  try {
    return v.parse(markSchema, JSON.parse(readWhole(file, LARGEST_MARK).toString('utf8')));
  } catch {
    return undefined;
  }
}

/** The experiment of a training, by a recipe where one is given, with settings changed. */
export function experimentOf(
  { experiment, components }: Training,
  set: readonly string[],
  recipe?: string,
): Experiment {
  const own = components === undefined ? [] : [`components=${components}`];
  const paper = findExperiment(experiment);
  return withSettings(recipe === undefined ? paper : withRecipe(paper, recipe), [...own, ...set]);
}

/** Whether a run that has ended was trained for as long as is asked for now. */
function isLongEnough(mark: Mark | undefined, maxMinutes: number | undefined): boolean {
  return (
    mark !== undefined && (mark.maxMinutes ?? Number.POSITIVE_INFINITY) >= (maxMinutes ?? Number.POSITIVE_INFINITY)
  );
}

/** Options of the command line, those that are given. */
const given = (options: object): string[] =>
  Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));

async function requireDone(run: RunCommand, args: readonly string[], what: string): Promise<void> {
  const code = await run(args);
  if (code === 0) return;
  throw new RunError(
    `${what} ended with exit code ${code}`,
    'mend what it says above and give the same command again; what is done is reused.',
    { exitCode: code },
  );
}

/** The folder of the run of a training and a seed. */
export const runFolder = ({ id }: Training, seed: number, { folder }: RunOptions): RunFolder =>
  new RunFolder(join(folder, `${id}-seed-${seed}`));

/** Whether there is a run in a folder, trained to its end or not. */
export const isBegun = ({ path }: RunFolder): boolean => existsSync(join(path, 'config.json'));

/**
 * The run of a training and a seed, where it has been trained for as long as is asked for.
 * @throws RunError where it has other settings
 */
export function trainedRun(training: Training, seed: number, options: RunOptions): RunFolder | undefined {
  const folder = runFolder(training, seed, options);
  if (!isBegun(folder)) return undefined;
  requireSame(folder, experimentOf(training, options.set, options.recipe), options.precision);
  return isLongEnough(readMark(folder), options.maxMinutes) ? folder : undefined;
}

/** The run of a training and a seed: reused where it has been trained, gone on with where it was cut short. */
export async function ensureRun(
  training: Training,
  seed: number,
  options: RunOptions,
  run: RunCommand,
): Promise<RunFolder> {
  const trained = trainedRun(training, seed, options);
  if (trained) return trained;
  const { engine, workers, precision, maxMinutes, count, set, recipe } = options;
  const folder = runFolder(training, seed, options);
  const settings = [...(training.components ? [`components=${training.components}`] : []), ...set];
  const start = isBegun(folder)
    ? ['train', '--resume', folder.path, ...given({ engine, workers })]
    : [
        ...['train', training.experiment, '--seed', String(seed), '--out', folder.path],
        ...given({ engine, workers, precision, recipe }),
        ...settings.flatMap((setting) => ['--set', setting]),
      ];
  const limits = given({ 'max-minutes': maxMinutes, count });
  await requireDone(run, [...start, ...limits], `the training in ${folder.path}`);
  folder.write(MARK, `${JSON.stringify({ maxMinutes })}\n`);
  return folder;
}

function requireSame(folder: RunFolder, experiment: Experiment, precision: Precision = 'float32'): void {
  const config = folder.readConfig();
  const found = JSON.parse(JSON.stringify(config.experiment)) as unknown;
  const isSame = isDeepStrictEqual(found, JSON.parse(JSON.stringify(experiment)));
  if (isSame && (config.precision ?? 'float32') === precision) return;
  throw new RunError(`the run in ${folder.path} has other settings than those asked for now`, [
    'give ',
    option('out'),
    ' another folder, or the settings that it was trained with.',
  ]);
}

/** An evaluation of a run's weights as asked for: one of as many inputs, or a whole one where their number is not known. */
function evaluationOf(folder: RunFolder, changes: EvaluationChanges, count?: number) {
  const { experiment, seed } = folder.readConfig();
  const plan = planEvaluation(experiment, seed, changes);
  const wanted = wantedInputs(plan.experiment, plan.split, count);
  const records = readEvaluations(folder.path);
  const [whole, beside] = [plan.slug, countedSlug(plan.slug, wanted)].map((name) =>
    records.find(({ slug }) => slug === name),
  );
  const record = beside ?? whole;
  return { slug: plan.slug, record, isAsAsked: record?.inputs === wanted };
}

/** An evaluation of a run's weights, where there is one of as many inputs, also beside one of more. */
export function knownEvaluation(
  folder: RunFolder,
  changes: EvaluationChanges,
  { count }: RunOptions,
): EvaluationRecord | undefined {
  const { record, isAsAsked } = evaluationOf(folder, changes, count);
  return isAsAsked ? record : undefined;
}

/** An evaluation of a run's weights: reused where there is one, see {@link knownEvaluation}. */
export async function ensureEvaluation(
  folder: RunFolder,
  changes: EvaluationChanges,
  options: RunOptions,
  run: RunCommand,
): Promise<EvaluationRecord> {
  const known = knownEvaluation(folder, changes, options);
  if (known) return known;
  const { engine, workers, count } = options;
  const args = given({ ...changes, count, engine, workers });
  await requireDone(run, ['evaluate', folder.path, ...args], `the evaluation of ${folder.path}`);
  const { slug, record } = evaluationOf(folder, changes, count);
  if (!record)
    throw new RunError(`the evaluation of ${folder.path} left no ${slug}.json: give the same command again.`);
  return record;
}

/** How many inputs an evaluation scores. */
function wantedInputs({ dataset }: Experiment, split: 'training' | 'validation' | 'test', count?: number): number {
  if (!isDrawn(dataset)) return Number.NaN;
  return Math.min(count ?? (split === 'training' ? dataset.test : dataset[split]), dataset[split]);
}
