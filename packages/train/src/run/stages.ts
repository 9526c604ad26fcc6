import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../engines/create-engine.js';
import { chooseEngine } from '../engines/table.js';
import { type Experiment, engineSpec, stageExperiments } from '../experiments/index.js';
import { notFiniteInStage } from '../trainer/not-finite.js';
import { writeWeights } from '../trainer/state.js';
import type { Ending } from '../trainer/train.js';
import { bestEpoch, type EpochRecord, type UpdateLoss } from './epoch-record.js';
import type { Follower, Job } from './job.js';
import type { RunConfig } from './run-config.js';
import { CONFIG, LOSSES, METRICS, STAGES, TIMING } from './run-files.js';
import { RunFolder } from './run-folder.js';
import { lossLine, timingLine } from './run-log.js';
import { RunRecorder } from './run-recorder.js';
import { trainRun } from './train-run.js';

const stageFolder = (root: RunFolder, stage: number) => new RunFolder(join(root.path, STAGES, String(stage + 1)));

/** The run of the last stage. */
export const lastStage = (root: RunFolder, { stages = [] }: Experiment) => stageFolder(root, stages.length - 1);

const isStarted = ({ path }: RunFolder) => existsSync(join(path, CONFIG));

/** The configuration of each stage; weights that the run starts from are those of its first. */
const stageConfigs = (config: RunConfig): RunConfig[] =>
  stageExperiments(config.experiment).map((experiment, i) => ({
    ...config,
    experiment,
    from: i === 0 ? config.from : undefined,
  }));

/**
 * Trains the stages of a run one after the other, each in `stages/<n>` from the best weights of the one before, and
 * writes the last one's weights and the metrics of all into the run's own folder. Goes on with the stage that was
 * started last, or with the one after it where that one has ended. A time limit is shared evenly by the stages that are left.
 */
export async function trainStages(job: Job, follower: Follower): Promise<Ending> {
  const { folder: root, maxMinutes } = job;
  const began = performance.now();
  const configs = stageConfigs(job.config);
  const folders = configs.map((_, i) => stageFolder(root, i));
  const latest = folders.findLastIndex(isStarted);
  let ending: Ending = 'last epoch';
  for (let stage = Math.max(latest, 0); stage < configs.length; stage++) {
    const spent = (performance.now() - began) / 60_000;
    const left = maxMinutes === undefined ? undefined : Math.max(maxMinutes - spent, 0) / (configs.length - stage);
    const [folder, config, name] = [folders[stage]!, configs[stage]!, `stage ${stage + 1} of ${configs.length}`];
    const part: Stage = { name, folder, config, previous: folders[stage - 1], maxMinutes: left };
    try {
      ending = await trainStage(job, part, ofStage(follower, stage + 1));
    } catch (error) {
      throw notFiniteInStage(error, stage, job.config.experiment);
    }
    if (ending === 'stopped') return ending;
    follower.tell(`${name} ended by ${ending}.`);
  }
  gather(root, folders);
  return ending;
}

/** The follower of one stage: the records that it shows say which stage they are of. */
const ofStage = (follower: Follower, stage: number): Follower => ({
  tell: (sentence) => follower.tell(sentence),
  stop: () => follower.stop(),
  view(maxMinutes) {
    const view = follower.view(maxMinutes);
    return {
      step: (update) => view.step(update),
      epoch: (record, best, weights) => view.epoch({ ...record, stage }, best, weights),
      cutEpoch: (record, best, weights) => view.cutEpoch({ ...record, stage }, best, weights),
      end: () => view.end(),
    };
  },
});

/** One stage of a run, to be trained or gone on with. */
interface Stage {
  /** What it is called in a sentence, e.g. `stage 1 of 2`. */
  readonly name: string;
  readonly folder: RunFolder;
  readonly config: RunConfig;
  /** The folder of the stage before, whose best weights this one starts from; absent of the first. */
  readonly previous: RunFolder | undefined;
  readonly maxMinutes: number | undefined;
}

async function trainStage(
  job: Job,
  { name, folder, config, previous, maxMinutes }: Stage,
  follower: Follower,
): Promise<Ending> {
  const { experiment, seed, workers, precision } = config;
  const { checkpoint, notice } = (isStarted(folder) && folder.readCheckpoint(config)) || {};
  if (notice) follower.tell(notice);
  if (checkpoint?.state.ending) {
    // Writes the best weights again where a kill came between the last checkpoint and them: the next stage starts from them.
    new RunRecorder(folder, folder.readConfig(), job.lock, checkpoint);
    return checkpoint.state.ending;
  }
  if (!isStarted(folder)) folder.create(config);
  // What computes it, or the place of its data, may have changed.
  else folder.changeConfig(config);
  // A stage that has been started is what a run goes on with, whatever was left of the one before.
  previous?.clearTimeLimit();
  const engineName = await chooseEngine(config.engine);
  const engine = await createEngine(engineName, engineSpec(experiment), seed, { workers, precision });
  try {
    if (checkpoint) writeWeights(engine, checkpoint);
    else if (previous) engine.setParameters(previous.readBest());
    else if (config.from) engine.setParameters(job.folder.readStart());
    const where = checkpoint ? `from update ${checkpoint.state.update}` : 'from its start';
    follower.tell(`${name} ${where}, into ${folder.path}`);
    return await trainRun({ ...job, folder, config, engine, checkpoint, maxMinutes, resumed: job.folder }, follower);
  } finally {
    engine.dispose();
  }
}

/** What is known of the training in all stages: epochs and updates are counted on from stage to stage. */
function recordsOf(folders: readonly RunFolder[]): { epochs: EpochRecord[]; losses: UpdateLoss[] } {
  const epochs: EpochRecord[] = [];
  const losses: UpdateLoss[] = [];
  for (const [index, folder] of folders.entries()) {
    const { epoch, update } = epochs.at(-1) ?? { epoch: 0, update: 0 };
    for (const record of folder.readEpochs()) {
      epochs.push({ ...record, epoch: epoch + record.epoch, update: update + record.update, stage: index + 1 });
    }
    for (const one of folder.readLosses()) losses.push({ ...one, update: update + one.update });
  }
  return { epochs, losses };
}

/** The epochs of a run; of its stages where it has any: its own folder has theirs only once the last one has ended. */
export const epochsOf = (root: RunFolder, { stages }: Experiment): EpochRecord[] =>
  stages ? recordsOf(stages.map((_, i) => stageFolder(root, i))).epochs : root.readEpochs();

/** Whether nothing is left to be trained of a run in stages. */
export function haveEnded(root: RunFolder, config: RunConfig): boolean {
  const last = lastStage(root, config.experiment);
  const ofLast = stageConfigs(config).at(-1)!;
  return isStarted(last) && last.readCheckpoint(ofLast)?.checkpoint.state.ending !== undefined;
}

/** Makes the run's folder that of a finished run. */
function gather(root: RunFolder, folders: readonly RunFolder[]): void {
  const { epochs, losses } = recordsOf(folders);
  root.write(METRICS, epochs.map(({ seconds: _, ...record }) => `${JSON.stringify(record)}\n`).join(''));
  root.write(TIMING, epochs.map(({ epoch, update, seconds }) => timingLine({ epoch, update, seconds })).join(''));
  root.write(LOSSES, losses.map(lossLine).join(''));
  root.writeBest(folders.at(-1)!.readBest(), root.readConfig(), bestEpoch(root.readEpochs()));
}
