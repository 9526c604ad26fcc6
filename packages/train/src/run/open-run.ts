import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Engine } from '@nem/core';
import type { Dataset } from '@nem/datasets';
import { createEngine, describeEngine } from '../engines/create-engine.js';
import type { Precision } from '../engines/precision.js';
import { option, RunError, UsageError } from '../errors.js';
import { sourceOf } from '../experiments/dataset-config.js';
import { areOtherDigits, digitsFingerprint } from '../experiments/digits.js';
import { createDataset, type Experiment, engineSpec, stageExperiments } from '../experiments/index.js';
import { lookThrough } from '../experiments/look-through.js';
import { withMovedData } from '../experiments/open-experiment.js';
import { sourcesOf } from '../experiments/sources.js';
import { writeWeights } from '../trainer/state.js';
import type { Checkpoint } from './checkpoint.js';
import { requireCheckpointSize } from './checkpoint-size.js';
import { computingOf, resumedComputing, withComputing } from './computing.js';
import type { Job } from './job.js';
import type { RunConfig } from './run-config.js';
import { type FoundCheckpoint, RunFolder } from './run-folder.js';
import { RunLock } from './run-lock.js';
import { haveEnded } from './stages.js';
import { readStartWeights, setStartWeights } from './start-weights.js';
import { requireMetadata } from './weights-metadata.js';

type Limits = Pick<Job, 'maxMinutes' | 'checkpointMinutes'>;
type Tell = (sentence: string) => void;

/** What a new run is configured with. */
interface NewRun {
  readonly experiment: Experiment;
  /** The data, where they are a program's own. */
  readonly data?: Dataset;
  /** Default: the best of this machine. */
  readonly engine?: string;
  readonly workers?: number;
  readonly precision?: Precision;
  /** Default 0. */
  readonly seed?: number;
  /** A run, a safetensors file, a checkpoint or a model whose weights are started from, with a new optimizer. Default: weights drawn by the seed */
  readonly from?: string;
  /** The run folder. */
  readonly path: string;
  /**
   * Waited for while data are looked through, while the folder's holder on another host is looked for, and before the folder is
   * written to; what it throws ends the start, and nothing is touched. Default: lets others work
   */
  readonly pause?: () => Promise<void>;
}

/**
 * Opens the data of an experiment, of each stage where it has any, to refuse what cannot be drawn before a run folder is
 * touched and the stages before it are trained.
 * @throws DatasetError
 */
async function requireData(experiment: Experiment, seed: number, data?: Dataset): Promise<Dataset[]> {
  const all = experiment.stages ? stageExperiments(experiment) : [experiment];
  const datasets: Dataset[] = [];
  for (const one of all) datasets.push(await createDataset(one, seed, () => undefined, data));
  return datasets;
}

/**
 * As {@link requireData}; where the folder has a run, with a look at every sample of a file: what it finds must not come up once that
 * run has been moved away.
 * @throws UsageError for data in a part of the run folder that would go with the earlier run
 */
async function requireNewData(
  folder: RunFolder,
  { experiment, seed = 0, data, pause = turn }: NewRun,
  tell: Tell,
): Promise<void> {
  for (const source of sourcesOf(experiment)) {
    if (!folder.wouldReplace(source)) continue;
    throw new UsageError(`${source} belongs to the run in ${folder.path}, which the new run replaces`, [
      'copy it elsewhere, or ',
      { type: 'trainElsewhere' },
      '.',
    ]);
  }
  const datasets = await requireData(experiment, seed, data);
  if (experiment.dataset.type !== 'hdf5' || !folder.holdsRun()) return;
  tell(`looking through ${experiment.dataset.file} before the run in ${folder.path} is moved aside`);
  for (const dataset of datasets) await lookThrough(dataset, pause);
}

/** Does `work`; where it fails, what was held for it is let go of. */
async function orLetGo<T>(letGo: () => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    letGo();
    throw error;
  }
}

/**
 * A new run, its configuration written; a run that was in the folder is moved aside.
 * @throws UsageError, DatasetError, NetworkError for what cannot be trained, and UsageError for a folder with files of another program
 * @throws RunError where the folder is in use or not writable
 * @throws what `pause` throws
 */
export async function startRun(options: NewRun, limits: Limits, tell: Tell): Promise<Job> {
  const { experiment, seed = 0, data, from, path, pause } = options;
  requireCheckpointSize(experiment);
  // Read before anything is touched: the run may be the one that this one replaces.
  const start = from === undefined ? undefined : readStartWeights(from);
  const computing = await computingOf(options);
  const digits = await digitsFingerprint(experiment);
  const config = { experiment, ...computing, from: start?.origin, digits, seed };
  requireMetadata(config);
  const folder = new RunFolder(path);
  await requireNewData(folder, options, tell);
  const { engine: name, workers, precision } = computing;
  const engine = await createEngine(name, engineSpec(experiment), seed, { workers, precision });
  const begin = async (lock: RunLock): Promise<Job> => {
    await pause?.();
    const replaced = folder.create(config, start?.parameters);
    if (replaced) tell(`the run that was in ${path} is now in ${replaced}.`);
    const origin = start ? `, from the weights of ${start.origin.source}` : '';
    tell(`${experiment.name} on the engine ${describeEngine(engine)}, seed ${seed}${origin}, into ${path}`);
    return { folder, config, engine, lock, data, ...limits };
  };
  return orLetGo(
    () => engine.dispose(),
    async () => {
      if (start) setStartWeights(engine, start, experiment.name);
      const lock = await RunLock.acquire(path, { tell, pause });
      return orLetGo(
        () => lock.release(),
        () => begin(lock),
      );
    },
  );
}

/** What may be said anew of a run that goes on. */
interface ResumedRun {
  /** The run folder. */
  readonly path: string;
  /** Where the run's HDF5 file, or the module that exports its data, is now. Default: where it was */
  readonly data?: string | Dataset;
  /** Default: the run's. */
  readonly engine?: string;
  /** Default: as many as the run's; where its engine had none, one a core. */
  readonly workers?: number;
  /** Waited for while the folder's holder on another host is looked for; what it throws ends the start. Default: lets others work */
  readonly pause?: () => Promise<void>;
}

/** Opens the data of a run that goes on; they may have moved. */
async function requireSameData({ experiment, seed, digits }: RunConfig, given?: Dataset): Promise<void> {
  try {
    await requireData(experiment, seed, given);
  } catch (error) {
    const source = sourceOf(experiment.dataset);
    if (given || source === undefined || existsSync(source)) throw error;
    throw new RunError(`the run's data are not in ${resolve(source)}`, [
      'where they have moved, name the file with ',
      option('data'),
      '.',
    ]);
  }
  if (digits === undefined || !areOtherDigits(digits, await digitsFingerprint(experiment))) return;
  throw new RunError(
    'the digits here are others than those that the run was trained on',
    'name the folder of its digits in the environment variable NEM_MNIST, or leave that out where it had none.',
  );
}

/**
 * A run that goes on from its newest whole checkpoint.
 * @throws RunError where the folder has no run, is in use, or its checkpoint cannot be read or is of another network, and for
 *   digits other than the run's
 * @throws UsageError for an engine or workers that cannot compute it
 */
export async function resumeRun(options: ResumedRun, limits: Limits, tell: Tell): Promise<Job> {
  const { path, data, pause } = options;
  const folder = new RunFolder(path);
  const known = folder.readConfig(tell);
  const given = typeof data === 'object' ? data : undefined;
  // The same place again changes nothing.
  const place = typeof data === 'string' && data !== sourceOf(known.experiment.dataset) ? data : undefined;
  const moved = place === undefined ? known : { ...known, experiment: await withMovedData(known.experiment, place) };
  const { experiment, seed } = moved;
  const computing = await resumedComputing(moved, options);
  await requireSameData(moved, given);
  const lock = await RunLock.acquire(path, { tell, pause });
  const goOn = async (): Promise<Job> => {
    const found = folder.readCheckpoint(moved);
    if (found?.notice) tell(found.notice);
    // What trains nothing any more changes nothing of what the run records of its training.
    const config = isFinished(folder, moved, found) ? moved : withComputing(moved, computing, tell);
    const { engine: name, workers, precision } = computing;
    const engine = await createEngine(name, engineSpec(experiment), seed, { workers, precision });
    return orLetGo(
      () => engine.dispose(),
      async () => {
        if (found) setWeights(engine, found.checkpoint, path);
        else if (config.from) engine.setParameters(folder.readStart());
        if (config !== known) folder.changeConfig(config);
        tell(
          `${experiment.name} on the engine ${describeEngine(engine)}, seed ${seed}, ${placeOf(path, experiment, found)}`,
        );
        return { folder, config, engine, lock, data: given, ...limits, checkpoint: found?.checkpoint };
      },
    );
  };
  return orLetGo(() => lock.release(), goOn);
}

/** Whether nothing is left to be trained of a run. */
const isFinished = (folder: RunFolder, config: RunConfig, found: FoundCheckpoint | undefined): boolean =>
  config.experiment.stages ? haveEnded(folder, config) : found?.checkpoint.state.ending !== undefined;

/** From where a run goes on, e.g. `goes on in runs/a from update 5`. */
function placeOf(path: string, { stages }: Experiment, found: FoundCheckpoint | undefined): string {
  const start = stages ? 'with its first stage that is not finished' : 'from its start: it has no checkpoint yet';
  return `goes on in ${path} ${found ? `from update ${found.checkpoint.state.update}` : start}`;
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
