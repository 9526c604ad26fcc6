import { type Experiment, stageExperiments } from '../experiments/index.js';
import type { EpochRecord } from '../run/epoch-record.js';
import { hasGroups, isOfGroups } from './groups.js';
import { epochScoreOf } from './record.js';
import type { ScoreKey } from './table.js';

const isScored = ({ dataset, components }: Experiment) =>
  hasGroups('objects' in dataset ? dataset.objects : undefined, components);

/**
 * A score of the validation inputs by epoch, for a curve; undefined where there is none. Of stages with one object or one
 * component there are the losses alone.
 */
export function validationCurve(
  experiment: Experiment,
  epochs: readonly EpochRecord[],
  key: ScoreKey,
): (number | undefined)[] {
  const stages = stageExperiments(experiment).map(isScored);
  const whole = isScored(experiment);
  return epochs.map(({ stage, validation }) => {
    const isTold = !isOfGroups(key) || (stage === undefined ? whole : stages[stage - 1]);
    return isTold ? epochScoreOf(validation, key) : undefined;
  });
}
