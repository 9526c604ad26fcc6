import type { Engine } from '@nem/core';
import type { Dataset } from '@nem/datasets';
import { createEngine, engineWorkers } from '../engines/create-engine.js';
import { chooseEngine, engineDefinition } from '../engines/table.js';
import { RunError, withRemedy } from '../errors.js';
import { evaluateFrames, type FrameEvaluation } from '../evaluation/evaluate.js';
import { type EvaluationChanges, type EvaluationPlan, planEvaluation } from '../evaluation/plan.js';
import { type EvaluationRecord, readEvaluations, weightsDigest } from '../evaluation/record.js';
import type { Spread } from '../evaluation/spread.js';
import { createDataset, engineSpec } from '../experiments/index.js';
import { frameCurvesSvg } from '../report/frame-curves.js';
import { bestEpoch, curvesSvg, overviewSvg, runReport, svgToPng } from '../report/index.js';
import { overviewSamples } from '../report/run-pictures.js';
import { TensorBoardLog } from '../report/tensorboard-log.js';
import { type RunConfig, RunFolder } from '../run/run-folder.js';
import { RunLock } from '../run/run-lock.js';
import { evaluateAgain } from './command-words.js';
import { interruptible } from './interruption.js';
import { Progress } from './progress.js';
import { textTable } from './text-table.js';

export interface EvaluateArguments extends EvaluationChanges {
  /** Default: the engine that the run was trained on. */
  readonly engine?: string;
  /** Worker threads of the engine `wasm`. Default: as many as the run was trained with. */
  readonly workers?: number;
  readonly json?: boolean;
  /** Prints the scores of each frame too. */
  readonly frameTable?: boolean;
  /** Waited for after each batch; what it throws ends the evaluation, and nothing is written. */
  readonly pause?: () => Promise<void>;
}

/** Inputs in the overview picture, one below the other: as wide as a page shows without making it smaller. */
const OVERVIEW_INPUTS = 3;

/** `nem evaluate`: the one writer of the run folder while it works. */
export async function evaluateCommand(run: string, options: EvaluateArguments): Promise<void> {
  const folder = new RunFolder(run);
  folder.readConfig(console.error);
  await interruptible('the current batch ends', evaluateAgain(folder), async (interruption) => {
    const lock = await RunLock.acquire(run);
    try {
      await evaluateRun(folder, { ...options, frameTable: true, pause: () => interruption.check() });
    } finally {
      lock.release();
    }
  });
}

/** An engine for what is evaluated, with the run's best weights: shared by all components, they fit any K. */
async function trainedEngine(
  folder: RunFolder,
  { experiment, seed }: EvaluationPlan,
  { engine: trainedOn, workers: trainedWith }: RunConfig,
  options: EvaluateArguments,
): Promise<Engine> {
  const name = await chooseEngine(options.engine ?? trainedOn);
  const workers = engineWorkers(
    name,
    options.workers ?? (engineDefinition(name).threads === 'workers' ? trainedWith : undefined),
  );
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

/** How many inputs are scored: of the training split no more than there are test inputs, unless asked for. */
function inputCount({ split, count }: EvaluationPlan, { sizes }: Dataset): number {
  return Math.min(count ?? (split === 'training' ? sizes.test : sizes[split]), sizes[split]);
}

async function score(
  engine: Engine,
  dataset: Dataset,
  plan: EvaluationPlan,
  pause: EvaluateArguments['pause'],
): Promise<FrameEvaluation> {
  const { experiment, split, seed, name } = plan;
  const { components, batchSize, mixture, interWeight } = experiment;
  const count = inputCount(plan, dataset);
  const progress = new Progress(name, 'inputs');
  progress.start(count);
  try {
    return await evaluateFrames({
      engine,
      dataset,
      split,
      count,
      components,
      batchSize,
      seed,
      mixture,
      interWeight,
      progress: async (inputs) => {
        progress.update(inputs);
        await pause?.();
      },
    });
  } finally {
    progress.stop();
  }
}

/** Scores a run's best weights, by default on its test inputs, and writes its report. */
export async function evaluateRun(folder: RunFolder, options: EvaluateArguments): Promise<void> {
  const config = folder.readConfig();
  const plan = planEvaluation(config.experiment, config.seed, options);
  // What the report is made from: a damaged file is found before the work, not after it.
  readRecords(folder);
  const dataset = await createDataset(plan.experiment, plan.seed);
  const engine = await trainedEngine(folder, plan, config, options);
  try {
    const { name, slug, split, seed } = plan;
    const scores = await score(engine, dataset, plan, options.pause);
    const record = { name, slug, split, seed, engine: engine.name, weights: weightsDigest(folder.path), ...scores };
    folder.write(`report/${slug}.json`, `${JSON.stringify(record, null, 2)}\n`);
    const overview = await writePictures(folder, engine, dataset, plan, record);
    await writeReport(folder);
    logToTensorBoard(folder, record, overview);
    if (options.json) console.log(JSON.stringify({ run: folder.path, test: record }));
    else {
      console.log(describe(folder.path, record));
      if (options.frameTable) console.log(`\n${frameTable(record, frameName(dataset))}`);
    }
  } catch (error) {
    throw withRemedy(error, evaluateAgain(folder));
  } finally {
    engine.dispose();
  }
}

/** What a row of scores is of. */
const frameName = ({ frames }: Dataset) => (frames === 1 ? 'EM step' : 'frame');

/** The name of an evaluation's picture; those of the plain one need no prefix. */
const pictureName = (slug: string, kind: string) => (slug === 'test' ? kind : `${slug}-${kind}`);

async function writePicture(folder: RunFolder, name: string, svg: string): Promise<Uint8Array> {
  const png = await svgToPng(svg);
  folder.write(`report/${name}.svg`, svg);
  folder.write(`report/${name}.png`, png);
  return png;
}

/** Draws what an evaluation saw; returns the overview picture. */
async function writePictures(
  folder: RunFolder,
  engine: Engine,
  dataset: Dataset,
  { experiment, seed, split, slug, name }: EvaluationPlan,
  { frames }: FrameEvaluation,
): Promise<Uint8Array> {
  const shown = Math.min(OVERVIEW_INPUTS, dataset.sizes[split]);
  const samples = await overviewSamples(engine, dataset, experiment, seed, shown, split);
  const byFrame = {
    name,
    frames: frames.map(({ frame, adjustedMutualInfo }) => ({ frame, ...adjustedMutualInfo.max })),
  };
  const xName = frameName(dataset);
  await writePicture(folder, pictureName(slug, 'frames'), frameCurvesSvg(`AMI by ${xName}`, [byFrame], { xName }));
  return writePicture(folder, pictureName(slug, 'overview'), overviewSvg(samples, { samplesPerRow: 1 }));
}

/** What is known of a run: its training, and the evaluations of its present weights. */
const readRecords = (folder: RunFolder) => ({
  epochs: folder.readEpochs(),
  losses: folder.readLosses(),
  tests: readEvaluations(folder.path),
});

/** The report of all that is known of a run: every evaluation of its present weights. */
async function writeReport(folder: RunFolder): Promise<void> {
  const config = folder.readConfig();
  const { epochs, losses, tests } = readRecords(folder);
  await writePicture(folder, 'curves', curvesSvg(epochs, { losses }));
  const picture = (title: string, name: string) => ({ title, png: `${name}.png`, svg: `${name}.svg` });
  const { name, description } = config.experiment;
  const report = runReport({
    name,
    description,
    configuration: { ...config },
    epochs,
    tests,
    pictures: [
      picture('Curves', 'curves'),
      ...tests.flatMap((test) => [
        picture(`Overview: ${test.name}`, pictureName(test.slug, 'overview')),
        picture(`AMI by frame: ${test.name}`, pictureName(test.slug, 'frames')),
      ]),
    ],
  });
  folder.write('report/index.md', report);
}

function logToTensorBoard(folder: RunFolder, record: EvaluationRecord, overview: Uint8Array): void {
  const log = new TensorBoardLog(folder.path);
  const update = bestEpoch(folder.readEpochs())?.update ?? 0;
  log.test(update, record);
  log.picture(update, `overview/${record.name}`, overview);
}

const decimals = (digits: number) => (value: number) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const three = decimals(3);
const one = decimals(1);

function frameTable({ frames }: FrameEvaluation, name: string): string {
  const cell = ({ mean, lowerQuartile, upperQuartile }: Spread, write: (value: number) => string) =>
    `${write(mean)} [${write(lowerQuartile)}, ${write(upperQuartile)}]`;
  const rows = frames.map(({ frame, adjustedMutualInfo: ami, adjustedRand, confidence, loss, predictionLoss }) => [
    String(frame),
    ...[ami.max, ami.arithmetic, adjustedRand, confidence].map((spread) => cell(spread, three)),
    ...[loss, predictionLoss].map((spread) => cell(spread, one)),
  ]);
  const head = [name, 'AMI (max)', 'AMI (arithmetic)', 'ARI', 'confidence', 'loss', 'next-step loss'];
  return `${textTable(head, rows)}\nmean [lower quartile, upper quartile] over the inputs`;
}

function describe(path: string, record: EvaluationRecord): string {
  const { name, split, inputs, adjustedMutualInfo, adjustedRand, confidence, loss, predictionLoss } = record;
  const changes = name.slice(`${split} set, `.length);
  return (
    `${split} AMI ${three(adjustedMutualInfo.max)} (max, as in the paper), ${three(adjustedMutualInfo.arithmetic)} (arithmetic), ` +
    `ARI ${three(adjustedRand)}, confidence ${three(confidence)}, loss ${one(loss)}, next-step loss ${one(predictionLoss ?? Number.NaN)} ` +
    `over ${inputs} inputs${changes ? ` (${changes})` : ''}; report in ${path}/report/index.md`
  );
}
