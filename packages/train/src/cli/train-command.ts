import { join } from 'node:path';
import type { Engine } from '@nem/core';
import { createEngine, describeEngine, engineFloat16, engineWorkers } from '../engines/create-engine.js';
import { chooseEngine } from '../engines/table.js';
import { RunError, UsageError } from '../errors.js';
import {
  createDataset,
  type Experiment,
  engineSpec,
  findExperiment,
  withDataFile,
  withSettings,
} from '../experiments/index.js';
import type { Checkpoint } from '../trainer/checkpoint.js';
import { RunFolder } from '../trainer/run-folder.js';
import { RunLock } from '../trainer/run-lock.js';
import { interruptible } from './interruption.js';
import { lastStage, stageExperiments, trainStages } from './stages.js';
import { type Job, resumeCommand, runTraining } from './training-run.js';

export interface TrainArguments {
  /** Default: `auto`, or the resumed run's. */
  readonly engine?: string;
  readonly workers?: number;
  readonly float16?: boolean;
  /** Default: 0, or the resumed run's. */
  readonly seed?: number;
  readonly epochs?: number;
  readonly maxMinutes?: number;
  readonly checkpointMinutes?: number;
  readonly out?: string;
  readonly resume?: string;
  /** An HDF5 file in place of the experiment's data. */
  readonly data?: string;
  readonly set: readonly string[];
  /** Test inputs scored after training. Default: all. */
  readonly count?: number;
  readonly json?: boolean;
}

function configured(name: string, { set, epochs, data }: TrainArguments): Experiment {
  const settings = epochs === undefined ? set : [...set, `epochs=${epochs}`];
  const experiment = findExperiment(name);
  return withSettings(data === undefined ? experiment : withDataFile(experiment, data), settings);
}

/** The options that a resumed run has already. */
const FIXED_OPTIONS = ['engine', 'workers', 'float16', 'seed', 'epochs', 'out', 'data'] as const;

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

/**
 * Opens the data of an experiment, of each stage where it has any, to refuse what cannot be drawn before a run folder is
 * touched and the stages before it are trained.
 * @throws DatasetError
 */
async function requireData(experiment: Experiment, seed: number): Promise<void> {
  const all = experiment.stages ? stageExperiments(experiment) : [experiment];
  for (const one of all) await createDataset(one, seed, () => undefined);
}

/** A new run, its configuration written. */
async function start(name: string, options: TrainArguments): Promise<Job> {
  const experiment = configured(name, options);
  const engineName = await chooseEngine(options.engine);
  const workers = engineWorkers(engineName, options.workers);
  const float16 = engineFloat16(engineName, options.float16);
  const config = { experiment, engine: engineName, workers, float16, seed: options.seed ?? 0 };
  const folder = new RunFolder(options.out ?? join('runs', name));
  await requireData(experiment, config.seed);
  const engine = await createEngine(engineName, engineSpec(experiment), config.seed, config);
  const lock = await RunLock.acquire(folder.path);
  try {
    const replaced = folder.create(config);
    if (replaced) console.error(`the run that was in ${folder.path} is now in ${replaced}.`);
    console.error(`${name} on the engine ${describeEngine(engine)}, seed ${config.seed}, into ${folder.path}`);
    return { folder, config, engine, lock, ...limits(options) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

const limits = ({ maxMinutes, checkpointMinutes }: TrainArguments) => ({ maxMinutes, checkpointMinutes });

/** A run that goes on from its newest whole checkpoint. */
async function resume(path: string, options: TrainArguments): Promise<Job> {
  const folder = new RunFolder(path);
  const config = folder.readConfig(console.error);
  const { experiment, seed } = config;
  const engineName = await chooseEngine(config.engine);
  const lock = await RunLock.acquire(path);
  try {
    const found = folder.readCheckpoint(config);
    if (found?.notice) console.error(found.notice);
    const engine = await createEngine(engineName, engineSpec(experiment), seed, config);
    if (found) setWeights(engine, found.checkpoint, folder);
    const start = experiment.stages
      ? 'with its first stage that is not finished'
      : 'from its start: it has no checkpoint yet';
    const where = found ? `from update ${found.checkpoint.state.update}` : start;
    console.error(
      `${experiment.name} on the engine ${describeEngine(engine)}, seed ${seed}, goes on in ${path} ${where}`,
    );
    return { folder, config, engine, lock, ...limits(options), checkpoint: found?.checkpoint };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Puts a checkpoint's weights into an engine.
 * @throws RunError where they are not the network's
 */
function setWeights(engine: Engine, { parameters, optimizer }: Checkpoint, { path }: RunFolder): void {
  try {
    engine.setParameters(parameters);
    engine.setOptimizerState(optimizer);
  } catch (error) {
    throw new RunError(`the checkpoint in ${path} does not fit its configuration: ${(error as Error).message}`);
  }
}

function trainAndEvaluate(job: Job, { json, count }: TrainArguments): Promise<void> {
  const goOn = `go on with ${resumeCommand(job.folder)}`;
  return interruptible('the current step ends and a checkpoint is written', goOn, async (interruption) => {
    const { stages } = job.config.experiment;
    // Each stage makes an engine of its own.
    if (stages) job.engine.dispose();
    const ending = await (stages ? trainStages(job, interruption) : runTraining(job, interruption));
    if (!stages) job.engine.dispose();
    if (ending === 'stopped') interruption.abort.throwIfAborted();
    console.error(`training ended by ${ending}${ending === 'time limit' ? `: ${goOn}` : '.'}`);
    // The libraries that draw take a second to load: not before they are needed.
    const { evaluateAndPrint } = await import('./evaluate-command.js');
    await evaluateAndPrint(job.folder, { json, count, pause: () => interruption.check() });
    (stages ? lastStage(job.folder, job.config.experiment) : job.folder).clearTimeLimit();
  });
}

/** `nem train`: trains or goes on training, keeps the best weights, evaluates them and draws the pictures. */
export async function trainCommand(name: string | undefined, options: TrainArguments): Promise<void> {
  if (options.resume !== undefined) requireResumable(name, options);
  else if (name === undefined) throw new UsageError('name an experiment (see nem list), or a run with --resume.');
  const job = await (options.resume === undefined ? start(name as string, options) : resume(options.resume, options));
  try {
    await trainAndEvaluate(job, options);
  } finally {
    job.lock.release();
  }
}
