import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../engines/create-engine.js';
import { chooseEngine } from '../engines/table.js';
import { type Experiment, engineSpec, stageExperiments } from '../experiments/index.js';
import { writeWeights } from '../trainer/state.js';
import type { Ending } from '../trainer/train.js';
import { bestEpoch } from './epoch-record.js';
import type { Follower, Job } from './job.js';
import type { RunConfig } from './run-config.js';
import { RunFolder } from './run-folder.js';
import { lossLine, timingLine } from './run-log.js';
import { trainRun } from './train-run.js';

const stageFolder = (root: RunFolder, stage: number) => new RunFolder(join(root.path, 'stages', String(stage + 1)));

/** The run of the last stage. */
export const lastStage = (root: RunFolder, { stages = [] }: Experiment) => stageFolder(root, stages.length - 1);

const isStarted = ({ path }: RunFolder) => existsSync(join(path, 'config.json'));

/**
 * Trains the stages of a run one after the other, each in `stages/<n>` from the best weights of the one before, and
 * writes the last one's weights and the metrics of all into the run's own folder. Goes on with the stage that was
 * started last, or with the one after it where that one has ended. A time limit is shared evenly by the stages that are left.
 */
export async function trainStages(job: Job, follower: Follower): Promise<Ending> {
  const { folder: root, config, maxMinutes } = job;
  const began = performance.now();
  const experiments = stageExperiments(config.experiment);
  const folders = experiments.map((_, i) => stageFolder(root, i));
  const latest = folders.findLastIndex(isStarted);
  let ending: Ending = 'last epoch';
  for (let stage = Math.max(latest, 0); stage < experiments.length; stage++) {
    const spent = (performance.now() - began) / 60_000;
    const left = maxMinutes === undefined ? undefined : Math.max(maxMinutes - spent, 0) / (experiments.length - stage);
    const from = stage === 0 ? config.from : undefined;
    const stageConfig = { ...config, experiment: experiments[stage]!, from };
    ending = await trainStage(job, folders, stage, stageConfig, left, follower);
    if (ending === 'stopped') return ending;
    follower.tell(`stage ${stage + 1} of ${experiments.length} ended by ${ending}.`);
  }
  gather(root, folders);
  return ending;
}

async function trainStage(
  job: Job,
  folders: readonly RunFolder[],
  stage: number,
  config: RunConfig,
  maxMinutes: number | undefined,
  follower: Follower,
): Promise<Ending> {
  const folder = folders[stage]!;
  const { experiment, seed, workers, precision } = config;
  const checkpoint = isStarted(folder) ? folder.readCheckpoint(config)?.checkpoint : undefined;
  if (checkpoint?.state.ending) return checkpoint.state.ending;
  if (!isStarted(folder)) folder.create(config);
  // What computes it, or the place of its data, may have changed.
  else folder.changeConfig(config);
  // A stage that has been started is what a run goes on with, whatever was left of the one before.
  if (stage > 0) folders[stage - 1]!.clearTimeLimit();
  const name = await chooseEngine(config.engine);
  const engine = await createEngine(name, engineSpec(experiment), seed, { workers, precision });
  try {
    if (checkpoint) writeWeights(engine, checkpoint);
    else if (stage > 0) engine.setParameters(folders[stage - 1]!.readBest());
    else if (config.from) engine.setParameters(job.folder.readStart());
    const where = checkpoint ? `from update ${checkpoint.state.update}` : 'from its start';
    follower.tell(`stage ${stage + 1} of ${folders.length} ${where}, into ${folder.path}`);
    return await trainRun({ ...job, folder, config, engine, checkpoint, maxMinutes, resumed: job.folder }, follower);
  } finally {
    engine.dispose();
  }
}

/** Makes the run's folder that of a finished run: epochs and updates are counted on from stage to stage. */
function gather(root: RunFolder, folders: readonly RunFolder[]): void {
  let metrics = '';
  let timing = '';
  let losses = '';
  let [epochs, updates] = [0, 0];
  for (const [index, folder] of folders.entries()) {
    const records = folder.readEpochs();
    for (const { seconds, ...record } of records) {
      const place = { epoch: epochs + record.epoch, update: updates + record.update };
      metrics += `${JSON.stringify({ ...record, ...place, stage: index + 1 })}\n`;
      timing += timingLine({ ...place, seconds });
    }
    for (const { update, loss } of folder.readLosses()) losses += lossLine({ update: updates + update, loss });
    epochs += records.at(-1)?.epoch ?? 0;
    updates += records.at(-1)?.update ?? 0;
  }
  root.write('metrics.jsonl', metrics);
  root.write('timing.jsonl', timing);
  root.write('losses.jsonl', losses);
  root.writeBest(folders.at(-1)!.readBest(), root.readConfig(), bestEpoch(root.readEpochs()));
}
