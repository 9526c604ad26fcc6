import { join } from 'node:path';
import { Command } from 'commander';
import type { Precision } from '../../engines/precision.js';
import { UsageError } from '../../errors.js';
import { type Experiment, requireUsed, withMostEpochs } from '../../experiments/index.js';
import { experimentName } from '../../experiments/open-experiment.js';
import type { Follower, Job } from '../../run/job.js';
import { StoppedError } from '../../stopped-error.js';
import { resumeCommand } from '../command-words.js';
import { experimentOf } from '../data-options.js';
import { type Interruption, interruptible } from '../interruption.js';
import {
  engineOption,
  float16Option,
  integer,
  path,
  positive,
  precisionOption,
  setOption,
  workersOption,
} from '../options.js';

interface TrainArguments {
  /** Default: `auto`, or the resumed run's. */
  readonly engine?: string;
  /** Default: one a core, or as many as the resumed run's. */
  readonly workers?: number;
  readonly precision?: Precision;
  /** {@link precision} is then `float16`. */
  readonly float16?: boolean;
  /** Default: 0, or the resumed run's. */
  readonly seed?: number;
  readonly epochs?: number;
  readonly maxMinutes?: number;
  readonly checkpointMinutes?: number;
  readonly out?: string;
  readonly resume?: string;
  /** A run or a file of weights to start from. Default: weights drawn by the seed */
  readonly from?: string;
  /** An HDF5 file, or a module that exports data, in place of the experiment's data. */
  readonly data?: string;
  /** Default: the paper's settings. */
  readonly recipe?: string;
  readonly set: readonly string[];
  /** Test inputs scored after training, 0 for none. Default: all. */
  readonly count?: number;
  readonly json?: boolean;
}

async function configured(name: string, { set, epochs, data, recipe }: TrainArguments): Promise<Experiment> {
  const experiment = await experimentOf(name, { data, recipe, set });
  requireUsed(experiment, set);
  return epochs === undefined ? experiment : withMostEpochs(experiment, epochs);
}

/** The options that a resumed run has already, and that would make it another one. */
const FIXED_OPTIONS = ['float16', 'precision', 'seed', 'epochs', 'recipe', 'from', 'out'] as const;

function requireResumable(name: string | undefined, options: TrainArguments): void {
  const given = FIXED_OPTIONS.find((option) => options[option] !== undefined);
  const extra = given ? `--${given}` : options.set.length > 0 ? '--set' : name === undefined ? undefined : `'${name}'`;
  if (extra) {
    throw new UsageError(
      `--resume goes on with the run as it was configured`,
      `leave out ${extra}, or train a new run.`,
    );
  }
}

const outOf = (name = '', { out }: TrainArguments) => out ?? join('runs', experimentName(name));

/** The run to train: a new one, or one that goes on. */
async function open(name: string | undefined, options: TrainArguments, pause: () => Promise<void>): Promise<Job> {
  const { resume, engine, workers, precision, seed, from, maxMinutes, checkpointMinutes, json, count } = options;
  if (json && count === 0) {
    throw new UsageError(
      '--json prints the scores of test inputs, and --count 0 scores none',
      'leave one of them out.',
    );
  }
  const { startRun, resumeRun } = await import('../../run/open-run.js');
  const limits = { maxMinutes, checkpointMinutes };
  if (resume !== undefined) {
    requireResumable(name, options);
    return resumeRun({ path: resume, data: options.data, engine, workers, pause }, limits, console.error);
  }
  if (name === undefined) throw new UsageError('name an experiment (see nem list), or a run with --resume.');
  const experiment = await configured(name, options);
  const run = { experiment, engine, workers, precision, seed, from, path: outOf(name, options), pause };
  return startRun(run, limits, console.error);
}

/** Opens the run; where a signal comes before anything has begun, there is nothing to go on with. */
async function openInOrder(
  name: string | undefined,
  options: TrainArguments,
  interruption: Interruption,
): Promise<Job> {
  try {
    return await open(name, options, () => interruption.check());
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
    throw new StoppedError(error.signal, 'nothing has begun, give the same command again.');
  }
}

async function follower(interruption: Interruption): Promise<Follower> {
  const { trainingProgress } = await import('../../terminal/training-progress.js');
  return { tell: console.error, stop: () => interruption.requested(), view: trainingProgress };
}

async function trainAndEvaluate(job: Job, options: TrainArguments, interruption: Interruption): Promise<void> {
  const { json, count, engine, workers } = options;
  const { trainJob, clearTimeLimit } = await import('../../run/train-job.js');
  const ending = await trainJob(job, await follower(interruption));
  if (ending === 'stopped') interruption.abort.throwIfAborted();
  console.error(`training ended by ${ending}${ending === 'time limit' ? `: ${goOn(job.folder)}` : '.'}`);
  if (count !== 0) {
    // The libraries that draw take a second to load: not before they are needed.
    const { evaluateAndPrint } = await import('../evaluate-command.js');
    await evaluateAndPrint(job.folder, { json, count, engine, workers, pause: () => interruption.check() });
  }
  clearTimeLimit(job);
}

const goOn = (folder: { readonly path: string }) => `go on with ${resumeCommand(folder)}`;

async function run(name: string | undefined, options: TrainArguments): Promise<void> {
  const path = options.resume ?? outOf(name, options);
  const notice = 'the current step ends and a checkpoint is written';
  await interruptible(notice, goOn({ path }), async (interruption) => {
    const job = await openInOrder(name, options, interruption);
    try {
      await interruption.check();
      await trainAndEvaluate(job, options, interruption);
    } finally {
      job.lock.release();
    }
  });
}

/** `nem train`: trains or goes on training, keeps the best weights, evaluates them and draws the pictures. */
export const train = (): Command =>
  new Command('train')
    .description('trains an experiment, evaluates the best weights and draws the pictures')
    .argument('[experiment]', 'see nem list; or a file with one: ./bars.mjs, bars.json')
    .addOption(engineOption("auto; with --resume, the run's"))
    .addOption(workersOption("one a core; with --resume, the run's"))
    .addOption(precisionOption())
    .addOption(float16Option())
    .option('--seed <n>', 'seed of everything random (default: 0)', integer)
    .option('--epochs <n>', 'at most so many epochs, of each stage where there are stages', integer)
    .option('--max-minutes <n>', "ends training after so many minutes of this command's time", positive)
    .option('--checkpoint-minutes <n>', 'minutes between checkpoints, besides one an epoch', positive, 5)
    .option(
      '--resume <run>',
      'goes on with a run from its last checkpoint, bit by bit as if never stopped, or on another engine or number of workers',
      path,
    )
    .option('--out <folder>', 'run folder (default: runs/<experiment>)', path)
    .option(
      '--data <file>',
      "an HDF5 file in the layout of the authors' files, or a module that exports data, in place of the experiment's data; with --resume, where it is now",
      path,
    )
    .option('--recipe <name>', "trains by a recipe, see nem list (default: the paper's settings)")
    .option(
      '--from <weights>',
      'starts from the best weights of a run, from a safetensors file of weights, from a checkpoint, or from a model of @nem/models by its name, with a new optimizer',
      path,
    )
    .addOption(setOption())
    .option('--count <n>', 'test inputs scored after training, 0 for none and no report (default: all)', integer)
    .option('--json', 'prints the test scores as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  nem train static-shapes --max-minutes 5 --set batchSize=32\n  nem train --resume runs/static-shapes',
    )
    .action(run);
