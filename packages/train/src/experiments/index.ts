export { createDataset } from './dataset.js';
export { type DatasetConfig, hasDigits, isDrawn, isSequence } from './dataset-config.js';
export { type DatasetSettings, type DefinedExperiment, defineExperiment, type ExperimentDefinition } from './define.js';
export { experiments, findExperiment } from './list.js';
export { upgradeExperiment } from './older-experiment.js';
export { RECIPES, type Recipe, recipesOf, withRecipe } from './recipes.js';
export { parseStrictly } from './remedy.js';
export {
  type Experiment,
  engineSpec,
  overruledField,
  parseExperiment,
  requireUsed,
  type Stage,
  stageExperiments,
  withDataFile,
  withMostEpochs,
  withSettings,
} from './schema.js';
export { parseSplit } from './split.js';
