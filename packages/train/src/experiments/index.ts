import { UsageError } from '../errors.js';
import { flyingMnistExperiments } from './flying-mnist.js';
import { flyingShapesExperiments } from './flying-shapes.js';
import type { Experiment } from './schema.js';

export { parseSplit } from './split.js';

import { staticShapesExperiments } from './static-shapes.js';

export { createDataset } from './dataset.js';
export { type DatasetConfig, isSequence } from './dataset-config.js';
export { upgradeExperiment } from './older-experiment.js';
export { RECIPES, type Recipe, recipesOf, withRecipe } from './recipes.js';
export { parseStrictly } from './remedy.js';
export {
  type Experiment,
  engineSpec,
  parseExperiment,
  type Stage,
  stageExperiments,
  withDataFile,
  withSettings,
} from './schema.js';

/** All experiments. */
export const experiments: readonly Experiment[] = [
  ...staticShapesExperiments,
  ...flyingShapesExperiments,
  ...flyingMnistExperiments,
];

/**
 * The experiment with that name.
 * @throws UsageError that lists the names
 */
export function findExperiment(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (!found) {
    throw new UsageError(`unknown experiment '${name}'`, `use ${experiments.map((known) => known.name).join(', ')}.`);
  }
  return found;
}
