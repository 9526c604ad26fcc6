import type { Ending } from '../trainer/train.js';
import type { Follower, Job } from './job.js';
import { lastStage, trainStages } from './stages.js';
import { trainRun } from './train-run.js';

/** Trains a run, in its stages where it has any; its engine is disposed of, whatever happens. */
export async function trainJob(job: Job, follower: Follower): Promise<Ending> {
  const inStages = job.config.experiment.stages !== undefined;
  // Each stage makes an engine of its own.
  if (inStages) job.engine.dispose();
  try {
    return await (inStages ? trainStages(job, follower) : trainRun(job, follower));
  } finally {
    if (!inStages) job.engine.dispose();
  }
}

/** Notes that what follows a time limit has been done. */
export function clearTimeLimit({ folder, config: { experiment } }: Job): void {
  (experiment.stages ? lastStage(folder, experiment) : folder).clearTimeLimit();
}
