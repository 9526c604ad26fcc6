import { chooseEngine } from '../engine/engine-names.js';
import { createEngine } from '../engine/engines.js';
import { RunError } from '../errors.js';
import { evaluate } from '../evaluation/evaluate.js';
import { createDataset, engineSpec } from '../experiments/index.js';
import { curvesSvg, overviewSvg, runReport, svgToPng, type TestScores } from '../report/index.js';
import { overviewSamples } from '../report/run-pictures.js';
import { RunFolder } from '../trainer/run-folder.js';
import { RunLock } from '../trainer/run-lock.js';
import { Progress } from './progress.js';

export interface EvaluateArguments {
  /** Default: the engine that the run was trained on. */
  readonly engine?: string;
  /** Test inputs. Default: all. */
  readonly count?: number;
  readonly json?: boolean;
  /** Waited for after each batch; what it throws ends the evaluation. */
  readonly pause?: () => Promise<void>;
}

/** Test inputs in the overview picture. */
const OVERVIEW_INPUTS = 4;

/** `nem evaluate`: the one writer of the run folder while it works. */
export async function evaluateCommand(run: string, options: EvaluateArguments): Promise<void> {
  const folder = new RunFolder(run);
  folder.readConfig();
  const lock = await RunLock.acquire(run);
  try {
    await evaluateRun(folder, options);
  } finally {
    lock.release();
  }
}

/** Scores a run's best weights on the test inputs and writes its report. */
export async function evaluateRun(folder: RunFolder, options: EvaluateArguments): Promise<void> {
  const config = folder.readConfig();
  const { experiment, seed } = config;
  const engine = await createEngine(await chooseEngine(options.engine ?? config.engine), engineSpec(experiment), seed);
  try {
    engine.setParameters(folder.readBest());
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`the weights in ${folder.path} do not fit: ${(error as Error).message}`);
  }
  const dataset = createDataset(experiment, seed);
  const count = Math.min(options.count ?? dataset.sizes.test, dataset.sizes.test);
  const progress = new Progress('test', 'inputs');
  progress.start(count);
  const { components, batchSize } = experiment;
  const scores = await evaluate({
    engine,
    dataset,
    split: 'test',
    count,
    components,
    batchSize,
    seed,
    progress: async (inputs) => {
      progress.update(inputs);
      await options.pause?.();
    },
  });
  progress.stop();
  const test: TestScores = { name: 'test set', ...scores };
  folder.write('report/test.json', `${JSON.stringify(test, null, 2)}\n`);
  await writeReport(
    folder,
    test,
    await overviewSamples(engine, dataset, experiment, seed, Math.min(OVERVIEW_INPUTS, dataset.sizes.test)),
  );
  engine.dispose();
  if (options.json) console.log(JSON.stringify({ run: folder.path, test }));
  else console.log(describe(folder.path, test));
}

function describe(path: string, { inputs, adjustedMutualInfo, adjustedRand, confidence, loss }: TestScores): string {
  return (
    `test AMI ${adjustedMutualInfo.max.toFixed(3)} (max, as in the paper), ${adjustedMutualInfo.arithmetic.toFixed(3)} (arithmetic), ` +
    `ARI ${adjustedRand.toFixed(3)}, confidence ${confidence.toFixed(3)}, loss ${loss.toFixed(1)} over ${inputs} inputs; report in ${path}/report/index.md`
  );
}

async function writeReport(
  folder: RunFolder,
  test: TestScores,
  samples: Parameters<typeof overviewSvg>[0],
): Promise<void> {
  const config = folder.readConfig();
  const epochs = folder.readEpochs();
  const pictures = { curves: curvesSvg(epochs), overview: overviewSvg(samples) };
  for (const [name, svg] of Object.entries(pictures)) {
    folder.write(`report/${name}.svg`, svg);
    folder.write(`report/${name}.png`, await svgToPng(svg));
  }
  const { name, description } = config.experiment;
  const report = runReport({
    name,
    description,
    configuration: { ...config },
    epochs,
    tests: [test],
    pictures: [
      { title: 'Overview', png: 'overview.png', svg: 'overview.svg' },
      { title: 'Curves', png: 'curves.png', svg: 'curves.svg' },
    ],
  });
  folder.write('report/index.md', report);
}
