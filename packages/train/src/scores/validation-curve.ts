import { type Experiment, stageExperiments } from '../experiments/index.js';
import type { EpochRecord } from '../run/epoch-record.js';
import { epochScoreOf } from './record.js';
import { type ScoreKey, scoreDefinition } from './table.js';

/** With one object or one component there is only one grouping, which agrees with itself. */
const hasGroups = ({ dataset, components }: Experiment) =>
  components > 1 && !('objects' in dataset && dataset.objects === 1);

/**
 * A score of the validation inputs by epoch, for a curve; undefined where there is none. Of stages with one object or one
 * component there are the losses alone.
 */
export function validationCurve(
  experiment: Experiment,
  epochs: readonly EpochRecord[],
  key: ScoreKey,
): (number | undefined)[] {
  const isLoss = scoreDefinition(key).unit === 'nats';
  const stages = stageExperiments(experiment).map(hasGroups);
  const whole = hasGroups(experiment);
  return epochs.map(({ stage, validation }) => {
    const isTold = isLoss || (stage === undefined ? whole : stages[stage - 1]);
    return isTold ? epochScoreOf(validation, key) : undefined;
  });
}
