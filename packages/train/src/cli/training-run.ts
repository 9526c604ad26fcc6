import type { Engine } from '@nem/core';
import { formatDuration } from '@nem/report';
import { withRemedy } from '../errors.js';
import { createDataset } from '../experiments/index.js';
import { epochSentence } from '../scores/text.js';
import type { Checkpoint } from '../trainer/checkpoint.js';
import type { EpochRecord } from '../trainer/epoch-record.js';
import type { RunConfig, RunFolder } from '../trainer/run-folder.js';
import type { RunLock } from '../trainer/run-lock.js';
import { RunRecorder } from '../trainer/run-recorder.js';
import { TensorBoardLog } from '../trainer/tensorboard-log.js';
import { type Ending, type TrainingEvents, train } from '../trainer/train.js';
import type { Interruption } from './interruption.js';
import { Progress } from './progress.js';

/** A run that is to be trained: a new one, or one that goes on. */
export interface Job {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly lock: RunLock;
  readonly engine: Engine;
  readonly checkpoint?: Checkpoint;
  readonly maxMinutes?: number;
  readonly checkpointMinutes?: number;
  /** The run to name where the user is told how to go on. Default: `folder`'s. */
  readonly resumed?: RunFolder;
}

/** `path` as one word of a shell's command line. */
const shellWord = (path: string) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
export const resumeCommand = ({ path }: RunFolder) => `nem train --resume ${shellWord(path)}`;
export const evaluateAgain = ({ path }: RunFolder) => `evaluate the run again with nem evaluate ${shellWord(path)}`;

function describeEpoch({ epoch, update, seconds, training, validation }: EpochRecord, note: string): string {
  const [ofTraining, ofValidation] = [training, validation].map(epochSentence);
  return `epoch ${epoch}, ${update} updates, ${formatDuration(seconds, true)}: training ${ofTraining}; validation ${ofValidation}${note}`;
}

/** Shows a training's progress and keeps its folder. */
function follow(
  recorder: RunRecorder,
  log: TensorBoardLog,
  maxMinutes: number | undefined,
): TrainingEvents & { stop(): void } {
  const began = performance.now();
  let progress: Progress | undefined;
  const stop = () => {
    progress?.stop();
    progress = undefined;
  };
  return {
    stop,
    step({ epoch, step, steps, update, loss }) {
      log.update(update, loss);
      recorder.step({ update, loss });
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
      log.epoch(record);
      console.error(describeEpoch(record, best ? ' (best)' : ''));
    },
    cutEpoch(record, best, weights) {
      stop();
      recorder.cutEpoch(record, best, weights);
      log.epoch(record);
      console.error(describeEpoch(record, best ? ' (best, cut short by the time limit)' : ' (cut short)'));
    },
    timeLimit: (state) => recorder.timeLimit(state),
    checkpoint: (state, weights) => recorder.checkpoint(state, weights),
  };
}

/** Trains a run, shows how it goes and keeps its folder. */
export async function runTraining(job: Job, interruption: Interruption): Promise<Ending> {
  const { folder, config, lock, engine, checkpoint, maxMinutes, checkpointMinutes, resumed = folder } = job;
  const { experiment, seed } = config;
  const atLimit = checkpoint !== undefined && folder.timeLimitUpdate() === checkpoint.state.update;
  if (atLimit) console.error('its time limit has ended training before: its validation and evaluation are left.');
  const recorder = new RunRecorder(folder, config, lock, checkpoint);
  const events = follow(recorder, new TensorBoardLog(folder.path), maxMinutes);
  try {
    return await train({
      experiment,
      engine,
      dataset: await createDataset(experiment, seed),
      seed,
      from: checkpoint?.state,
      maxMinutes,
      atLimit,
      checkpointMinutes,
      stop: () => interruption.requested(),
      events,
    });
  } catch (error) {
    const { checkpointUpdate: update } = recorder;
    const from = update > 0 ? `the checkpoint of update ${update}` : 'the start';
    throw withRemedy(error, `go on from ${from} with ${resumeCommand(resumed)}`);
  } finally {
    events.stop();
  }
}
