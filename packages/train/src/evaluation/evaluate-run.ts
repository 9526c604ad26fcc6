import type { Engine } from '@nem/core';
import type { Dataset } from '@nem/datasets';
import { createEngine } from '../engines/create-engine.js';
import { RunError } from '../errors.js';
import { describeDataset, otherData } from '../experiments/custom-dataset.js';
import { areOtherDigits, digitsFingerprint } from '../experiments/digits.js';
import { createDataset, engineSpec } from '../experiments/index.js';
import { isModule, moduleDataset } from '../experiments/module.js';
import { engineOfRun } from '../run/computing.js';
import { bestEpoch } from '../run/epoch-record.js';
import type { RunConfig } from '../run/run-config.js';
import type { RunFolder } from '../run/run-folder.js';
import { TensorBoardLog } from '../run/tensorboard-log.js';
import { evaluateFrames, type FrameEvaluation } from './evaluate.js';
import { readKnown, writePictures, writeReport } from './evaluation-files.js';
import { besideOthers, type EvaluationChanges, type EvaluationPlan, planEvaluation } from './plan.js';
import { type EvaluationRecord, type RunEvaluation, weightsDigest } from './record.js';

/** What an evaluation tells while it goes on. */
export interface EvaluationEvents {
  /** Before the first input is scored, with the name of the evaluation and how many inputs there are. */
  start(name: string, inputs: number): void;
  /** After each batch, with the number of inputs done, and waited for; what it throws ends the evaluation, and nothing is written. */
  progress(inputs: number): void | Promise<void>;
  /** After the last input, or where the evaluation has failed. */
  end(): void;
}

export interface EvaluateRunOptions extends EvaluationChanges {
  /** The run's own data, where a program gave them: others are refused, and so are any where the data are drawn here or a file's. */
  readonly dataset?: Dataset;
  /** Default: the engine that the run was trained on. */
  readonly engine?: string;
  /** Worker threads of an engine that has them. Default: as many as the run was trained with. */
  readonly workers?: number;
}

const OTHER_DIGITS =
  'these digits are others than those that the network was trained on: it may have been trained on some that are test digits here.';

/** What is evaluated; a module that exports the run's own data is only the place where they are. */
async function planned({ experiment, seed }: RunConfig, options: EvaluateRunOptions): Promise<EvaluationPlan> {
  const { data, ...others } = options;
  if (data === undefined || !isModule(data)) return planEvaluation(experiment, seed, options);
  const config = { ...describeDataset(await moduleDataset(data)), module: data };
  const isOwn = experiment.dataset.type === 'custom' && otherData(experiment.dataset, config) === undefined;
  if (isOwn) return planEvaluation({ ...experiment, dataset: config }, seed, others);
  return planEvaluation(experiment, seed, options, config);
}

/** An engine for what is evaluated, with the run's best weights: shared by all components, they fit any K. */
async function trainedEngine(
  folder: RunFolder,
  { experiment, seed }: EvaluationPlan,
  config: RunConfig,
  options: EvaluateRunOptions,
): Promise<Engine> {
  const { engine: name, workers } = await engineOfRun(config, options);
  const engine = await createEngine(name, engineSpec(experiment), seed, { workers });
  try {
    engine.setParameters(folder.readBest());
    return engine;
  } catch (error) {
    engine.dispose();
    if (error instanceof RunError) throw error;
    throw new RunError(`the weights in ${folder.path} do not fit: ${(error as Error).message}`);
  }
}

/** @throws RunError where the weights are not those of a digest any more: written elsewhere, an evaluation lets training go on */
function requireUnchanged(folder: RunFolder, digest: string): void {
  if (weightsDigest(folder.path) === digest) return;
  throw new RunError(`the weights in ${folder.path} were replaced by newer ones while they were read`, [
    { type: 'evaluateAgain' },
    '.',
  ]);
}

/** How many inputs are scored: of the training split no more than there are test inputs, unless asked for. */
function inputCount({ split, count }: EvaluationPlan, { sizes }: Dataset): number {
  return Math.min(count ?? (split === 'training' ? sizes.test : sizes[split]), sizes[split]);
}

async function score(
  engine: Engine,
  dataset: Dataset,
  plan: EvaluationPlan,
  count: number,
  events: EvaluationEvents,
): Promise<FrameEvaluation> {
  const { experiment, split, seed, name } = plan;
  const { components, batchSize, mixture, interWeight } = experiment;
  events.start(name, count);
  try {
    return await evaluateFrames({
      ...{ engine, dataset, split, count, components, batchSize, seed, mixture, interWeight },
      progress: (inputs) => events.progress(inputs),
    });
  } finally {
    events.end();
  }
}

function logToTensorBoard(folder: RunFolder, place: RunFolder, record: EvaluationRecord, overview: Uint8Array): void {
  const update = bestEpoch(folder.readEpochs())?.update ?? 0;
  // The same evaluation of the same weights has no second point.
  const log = new TensorBoardLog(place.path, { of: `${record.slug}-${update}` });
  log.test(update, record);
  log.picture(update, `overview/${record.name}`, overview);
}

/**
 * Scores a run's best weights, by default on its test inputs, and writes its report. The caller is the one writer of the folder that
 * it is written into.
 * @param place see {@link evaluationPlace}. Default: the run's folder
 * @throws UsageError for changes that contradict each other or that the data do not have, and for a number that is out of its range
 * @throws DatasetError where `dataset` is not the data that are evaluated
 * @throws RunError for files that cannot be used
 */
export async function evaluateRun(
  folder: RunFolder,
  options: EvaluateRunOptions,
  events: EvaluationEvents,
  place = folder,
): Promise<RunEvaluation> {
  const config = folder.readConfig();
  const asked = await planned(config, options);
  folder.requireBest();
  // What the report is made from: a damaged file is found before the work, not after it.
  const weights = weightsDigest(folder.path);
  const { tests } = readKnown(folder, place, weights);
  const dataset = await createDataset(asked.experiment, asked.seed, undefined, options.dataset);
  const digits = await digitsFingerprint(asked.experiment);
  if (areOtherDigits(digits, config.digits)) console.error(OTHER_DIGITS);
  const count = inputCount(asked, dataset);
  const plan = besideOthers(asked, count, tests);
  const engine = await trainedEngine(folder, plan, config, options);
  try {
    requireUnchanged(folder, weights);
    const { name, slug, split, seed } = plan;
    const scores = await score(engine, dataset, plan, count, events);
    const record = { name, slug, split, seed, engine: engine.name, digits, weights, ...scores };
    place.write(`report/${slug}.json`, `${JSON.stringify(record, null, 2)}\n`);
    const frameName = dataset.frames === 1 ? 'EM step' : 'frame';
    const overview = await writePictures(place, engine, dataset, plan, { record, frameName });
    await writeReport(folder, place, weights);
    logToTensorBoard(folder, place, record, overview);
    return { record, frameName };
  } finally {
    engine.dispose();
  }
}
