// An entry of its own: what needs no Node, for pages, workers and every other runtime. test/browser.test.ts holds it to that.
export { overviewSvg, samplesToGif, samplesToPng } from '@nem/report';
export { randomness, toBatch } from './engines/inputs.js';
export { ExplainedError, UsageError } from './errors.js';
export { type EvaluateOptions, evaluate, type SplitScores } from './evaluation/evaluate.js';
export { type OverviewSamplesOptions, overviewSamples } from './evaluation/run-pictures.js';
export { type TrainingCurvesOptions, trainingCurvesSvg } from './evaluation/training-curves.js';
export {
  type DatasetSettings,
  type DefinedExperiment,
  defineExperiment,
  type ExperimentDefinition,
} from './experiments/define.js';
export { experiments, findExperiment } from './experiments/list.js';
export { type Experiment, engineSpec, parseExperiment, withSettings } from './experiments/schema.js';
export { bestEpoch, type EpochRecord } from './run/epoch-record.js';
export type { EpochScores, Scores } from './scores/record.js';
export { SCORES, type ScoreKey } from './scores/table.js';
export { scoreSentence } from './scores/text.js';
