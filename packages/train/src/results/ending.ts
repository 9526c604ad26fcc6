import { type Experiment, stageExperiments } from '../experiments/index.js';
import { bestEpoch, type EpochRecord } from '../run/epoch-record.js';

/** How far a run has come. */
export type Reached = 'early stopping' | 'last epoch' | 'not finished';

/** How far a run has come by its epochs; in stages, in the last one. */
export function reachedOf(experiment: Experiment, epochs: readonly EpochRecord[]): Reached {
  const stages = stageExperiments(experiment);
  const last = epochs.at(-1);
  const best = bestEpoch(epochs);
  if (!last || !best) return 'not finished';
  if (stages.length > 0 && last.stage !== stages.length) return 'not finished';
  const { patience, epochs: most } = stages.at(-1) ?? experiment;
  if (last.epoch - best.epoch >= patience) return 'early stopping';
  const trained = epochs.filter(({ stage }) => stage === last.stage).length;
  return trained >= most ? 'last epoch' : 'not finished';
}
