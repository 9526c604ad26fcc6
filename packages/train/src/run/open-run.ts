import type { Engine } from '@nem/core';
import { createEngine, describeEngine, engineFloat16, engineWorkers } from '../engines/create-engine.js';
import { chooseEngine } from '../engines/table.js';
import { RunError } from '../errors.js';
import { createDataset, type Experiment, engineSpec } from '../experiments/index.js';
import { writeWeights } from '../trainer/state.js';
import type { Checkpoint } from './checkpoint.js';
import type { Job } from './job.js';
import { RunFolder } from './run-folder.js';
import { RunLock } from './run-lock.js';
import { stageExperiments } from './stages.js';

type Limits = Pick<Job, 'maxMinutes' | 'checkpointMinutes'>;
type Tell = (sentence: string) => void;

/** What a new run is configured with. */
export interface NewRun {
  readonly experiment: Experiment;
  /** Default: the best of this machine. */
  readonly engine?: string;
  readonly workers?: number;
  readonly float16?: boolean;
  /** Default 0. */
  readonly seed?: number;
  /** The run folder. */
  readonly path: string;
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

/**
 * A new run, its configuration written; a run that was in the folder is moved aside.
 * @throws UsageError, DatasetError, NetworkError for what cannot be trained; RunError where the folder is in use or not writable
 */
export async function startRun(options: NewRun, limits: Limits, tell: Tell): Promise<Job> {
  const { experiment, seed = 0, path } = options;
  const engineName = await chooseEngine(options.engine);
  const workers = engineWorkers(engineName, options.workers);
  const float16 = engineFloat16(engineName, options.float16);
  const config = { experiment, engine: engineName, workers, float16, seed };
  const folder = new RunFolder(path);
  await requireData(experiment, seed);
  const engine = await createEngine(engineName, engineSpec(experiment), seed, config);
  const lock = await RunLock.acquire(path);
  try {
    const replaced = folder.create(config);
    if (replaced) tell(`the run that was in ${path} is now in ${replaced}.`);
    tell(`${experiment.name} on the engine ${describeEngine(engine)}, seed ${seed}, into ${path}`);
    return { folder, config, engine, lock, ...limits };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * A run that goes on from its newest whole checkpoint.
 * @throws RunError where the folder has no run, is in use, or its checkpoint cannot be read or is of another network
 */
export async function resumeRun(path: string, limits: Limits, tell: Tell): Promise<Job> {
  const folder = new RunFolder(path);
  const config = folder.readConfig(tell);
  const { experiment, seed } = config;
  const engineName = await chooseEngine(config.engine);
  await requireData(experiment, seed);
  const lock = await RunLock.acquire(path);
  try {
    const found = folder.readCheckpoint(config);
    if (found?.notice) tell(found.notice);
    const engine = await createEngine(engineName, engineSpec(experiment), seed, config);
    if (found) setWeights(engine, found.checkpoint, path);
    const start = experiment.stages
      ? 'with its first stage that is not finished'
      : 'from its start: it has no checkpoint yet';
    const where = found ? `from update ${found.checkpoint.state.update}` : start;
    tell(`${experiment.name} on the engine ${describeEngine(engine)}, seed ${seed}, goes on in ${path} ${where}`);
    return { folder, config, engine, lock, ...limits, checkpoint: found?.checkpoint };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Puts a checkpoint's weights into an engine.
 * @throws RunError where they are not the network's
 */
function setWeights(engine: Engine, checkpoint: Checkpoint, path: string): void {
  try {
    writeWeights(engine, checkpoint);
  } catch (error) {
    throw new RunError(`the checkpoint in ${path} does not fit its configuration: ${(error as Error).message}`);
  }
}
