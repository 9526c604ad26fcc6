import { withRemedy } from '../errors.js';
import { createDataset } from '../experiments/index.js';
import { type Ending, type TrainingEvents, train } from '../trainer/train.js';
import type { Follower, Job, ProgressView } from './job.js';
import { describeMachine } from './machine.js';
import { RunRecorder } from './run-recorder.js';
import { TensorBoardLog } from './tensorboard-log.js';

/** Keeps a run's folder and its TensorBoard log, and shows how training goes. */
const keepAndShow = (recorder: RunRecorder, log: TensorBoardLog, view: ProgressView): TrainingEvents => ({
  async step(update) {
    log.update(update.update, update.loss);
    recorder.step(update);
    await view.step(update);
  },
  async epoch(record, best, weights) {
    recorder.epoch(record, best, weights);
    log.epoch(record);
    await view.epoch(record, best, weights);
  },
  async cutEpoch(record, best, weights) {
    recorder.cutEpoch(record, best, weights);
    log.epoch(record);
    await view.cutEpoch(record, best, weights);
  },
  timeLimit: (state) => recorder.timeLimit(state),
  checkpoint: (state, weights) => recorder.checkpoint(state, weights),
});

/**
 * Trains a run and keeps its folder.
 * @throws RunError as `train`, and where the folder cannot be written or the engine ends: how to go on is its remedy
 */
export async function trainRun(job: Job, follower: Follower): Promise<Ending> {
  const { folder, config, lock, engine, data, checkpoint, maxMinutes, checkpointMinutes, resumed = folder } = job;
  const { experiment, seed } = config;
  const atLimit = checkpoint !== undefined && folder.timeLimitUpdate() === checkpoint.state.update;
  if (atLimit)
    follower.tell('a time limit ended this training before; its validation and evaluation are still to be done.');
  const dataset = await createDataset(experiment, seed, (line) => follower.tell(line), data);
  if (!checkpoint?.state.ending) resumed.noteMachine(describeMachine(engine));
  const recorder = new RunRecorder(folder, config, lock, checkpoint);
  const update = checkpoint?.state.update ?? 0;
  // At the limit, the validation at the checkpoint's update is done again.
  const startsAt = atLimit ? update : update + 1;
  const view = follower.view(maxMinutes);
  try {
    return await train({
      experiment,
      engine,
      dataset,
      seed,
      from: checkpoint?.state,
      maxMinutes,
      atLimit,
      checkpointMinutes,
      stop: () => follower.stop(),
      events: keepAndShow(recorder, new TensorBoardLog(folder.path, { startsAt }), view),
    });
  } catch (error) {
    const { checkpointUpdate: update } = recorder;
    const from = update > 0 ? `the checkpoint of update ${update}` : 'the start';
    throw withRemedy(error, [`go on from ${from} with `, { type: 'resumeRun', run: resumed.path }]);
  } finally {
    view.end();
  }
}
