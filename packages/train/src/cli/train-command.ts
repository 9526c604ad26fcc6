import { join } from 'node:path';
import type { Engine } from '@nem/core';
import { chooseEngine } from '../engine/engine-names.js';
import { createEngine, describeEngine, engineWorkers } from '../engine/engines.js';
import { EngineError, RunError, UsageError } from '../errors.js';
import { createDataset, type Experiment, engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import type { EpochRecord } from '../report/index.js';
import type { Checkpoint } from '../trainer/checkpoint.js';
import { type RunConfig, RunFolder } from '../trainer/run-folder.js';
import { RunLock } from '../trainer/run-lock.js';
import { RunRecorder } from '../trainer/run-recorder.js';
import { type Ending, type TrainingEvents, train } from '../trainer/train.js';
import { Interruption, signalExitCode } from './interruption.js';
import { formatSeconds, Progress } from './progress.js';

export interface TrainArguments {
  /** Default: `auto`, or the resumed run's. */
  readonly engine?: string;
  readonly workers?: number;
  /** Default: 0, or the resumed run's. */
  readonly seed?: number;
  readonly epochs?: number;
  readonly maxMinutes?: number;
  readonly checkpointMinutes?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

/** A run that is to be trained: a new one, or one that goes on. */
interface Job {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly lock: RunLock;
  readonly engine: Engine;
  readonly checkpoint?: Checkpoint;
  readonly options: TrainArguments;
}

function configured(name: string, { set, epochs }: TrainArguments): Experiment {
  return withSettings(findExperiment(name), epochs === undefined ? set : [...set, `epochs=${epochs}`]);
}

const fixed = (value: number) => value.toFixed(3);

/** `path` as one word of a shell's command line. */
const shellWord = (path: string) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
const resumeCommand = ({ path }: RunFolder) => `nem train --resume ${shellWord(path)}`;

/** The options that a resumed run has already. */
const FIXED_OPTIONS = ['engine', 'workers', 'seed', 'epochs', 'out'] as const;

function requireResumable(name: string | undefined, options: TrainArguments): void {
  const given = FIXED_OPTIONS.find((option) => options[option] !== undefined);
  const extra = given ? `--${given}` : options.set.length > 0 ? '--set' : name === undefined ? undefined : `'${name}'`;
  if (extra) {
    throw new UsageError(`--resume goes on with the run as it was configured: leave out ${extra}, or train a new run.`);
  }
}

/** A new run, its configuration written. */
async function start(name: string, options: TrainArguments): Promise<Job> {
  const experiment = configured(name, options);
  const engineName = await chooseEngine(options.engine ?? 'auto');
  const workers = engineWorkers(engineName, options.workers);
  const config = { experiment, engine: engineName, workers, seed: options.seed ?? 0 };
  const folder = new RunFolder(options.out ?? join('runs', name));
  const engine = await createEngine(engineName, engineSpec(experiment), config.seed, { workers });
  const lock = await RunLock.acquire(folder.path);
  try {
    const replaced = folder.create(config);
    if (replaced) console.error(`the run that was in ${folder.path} is now in ${replaced}.`);
    console.error(`${name} on the engine ${describeEngine(engine)}, seed ${config.seed}, into ${folder.path}`);
    return { folder, config, engine, lock, options };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A run that goes on from its newest whole checkpoint. */
async function resume(path: string, options: TrainArguments): Promise<Job> {
  const folder = new RunFolder(path);
  const config = folder.readConfig();
  const { experiment, seed } = config;
  const engineName = await chooseEngine(config.engine);
  const lock = await RunLock.acquire(path);
  try {
    const found = folder.readCheckpoint(config);
    if (found?.notice) console.error(found.notice);
    const engine = await createEngine(engineName, engineSpec(experiment), seed, { workers: config.workers });
    if (found) setWeights(engine, found.checkpoint, folder);
    const where = found ? `from update ${found.checkpoint.state.update}` : 'from its start: it has no checkpoint yet';
    console.error(
      `${experiment.name} on the engine ${describeEngine(engine)}, seed ${seed}, goes on in ${path} ${where}`,
    );
    return { folder, config, engine, lock, options, checkpoint: found?.checkpoint };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function setWeights(engine: Engine, { parameters, optimizer }: Checkpoint, { path }: RunFolder): void {
  try {
    engine.setParameters(parameters);
    engine.setOptimizerState(optimizer);
  } catch (error) {
    throw new RunError(`the checkpoint in ${path} does not fit its configuration: ${(error as Error).message}`);
  }
}

function describeEpoch(record: EpochRecord, note: string): string {
  const { epoch, update, seconds, training, validation } = record;
  return (
    `epoch ${epoch}, ${update} updates, ${formatSeconds(seconds)}: training loss ${training.loss.toFixed(1)}, ` +
    `validation loss ${validation.loss.toFixed(1)}, ARI ${fixed(validation.adjustedRand)}, ` +
    `AMI (max) ${fixed(validation.adjustedMutualInfo)}, confidence ${fixed(validation.confidence)}${note}`
  );
}

/** Shows a training's progress and keeps its folder. */
function follow(recorder: RunRecorder, maxMinutes: number | undefined): TrainingEvents & { stop(): void } {
  const began = performance.now();
  let progress: Progress | undefined;
  const stop = () => {
    progress?.stop();
    progress = undefined;
  };
  return {
    stop,
    step({ epoch, step, steps, loss }) {
      if (!progress) {
        progress = new Progress(`epoch ${epoch}`, 'steps');
        progress.start(steps, step - 1);
      }
      const limit = maxMinutes === undefined ? undefined : maxMinutes * 60 - (performance.now() - began) / 1000;
      progress.update(step, `· loss ${loss.toFixed(1)}`, limit);
    },
    epoch(record, best, weights) {
      stop();
      recorder.epoch(record, best, weights);
      console.error(describeEpoch(record, best ? ' (best)' : ''));
    },
    cutEpoch(record, best, weights) {
      stop();
      recorder.cutEpoch(record, best, weights);
      console.error(describeEpoch(record, best ? ' (best, cut short by the time limit)' : ' (cut short)'));
    },
    checkpoint: (state, weights) => recorder.checkpoint(state, weights),
  };
}

/** The error that ends a run whose work a signal stopped. */
function interrupted({ folder }: Job, { signal }: Interruption): RunError {
  return new RunError(`stopped by ${signal}: go on with ${resumeCommand(folder)}`, signalExitCode(signal ?? 'SIGTERM'));
}

async function runTraining(job: Job, interruption: Interruption): Promise<Ending> {
  const { folder, config, lock, engine, checkpoint, options } = job;
  const { experiment, seed } = config;
  const { maxMinutes, checkpointMinutes } = options;
  const recorder = new RunRecorder(folder, config, lock, checkpoint);
  const events = follow(recorder, maxMinutes);
  try {
    return await train({
      experiment,
      engine,
      dataset: createDataset(experiment, seed),
      seed,
      from: checkpoint?.state,
      maxMinutes,
      checkpointMinutes,
      stop: () => interruption.requested(),
      events,
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new RunError(
      `${error.message}: go on from the checkpoint of update ${recorder.checkpointUpdate} with ${resumeCommand(folder)}`,
      error.exitCode,
    );
  } finally {
    events.stop();
  }
}

async function trainAndEvaluate(job: Job): Promise<void> {
  const interruption = new Interruption('the current step ends and a checkpoint is written');
  try {
    const ending = await runTraining(job, interruption);
    job.engine.dispose();
    if (ending === 'stopped') throw interrupted(job, interruption);
    console.error(`training ended by ${ending}.`);
    const pause = async () => {
      if (await interruption.requested()) throw interrupted(job, interruption);
    };
    // The libraries that draw take a second to load: not before they are needed.
    const { evaluateRun } = await import('./evaluate-command.js');
    await evaluateRun(job.folder, { json: job.options.json, pause });
  } finally {
    interruption.dispose();
  }
}

/** `nem train`: trains or goes on training, keeps the best weights, evaluates them and draws the pictures. */
export async function trainCommand(name: string | undefined, options: TrainArguments): Promise<void> {
  if (options.resume !== undefined) requireResumable(name, options);
  else if (name === undefined) throw new UsageError('name an experiment (see nem list), or a run with --resume.');
  const job = await (options.resume === undefined ? start(name as string, options) : resume(options.resume, options));
  try {
    await trainAndEvaluate(job);
  } finally {
    job.lock.release();
  }
}
