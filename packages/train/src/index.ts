export type { LayerSpec, NetworkSpec } from '@nem/core';
export { samplesToGif, samplesToPng } from '@nem/report';
export { createEngine } from './engines/create-engine.js';
export { toBatch } from './engines/inputs.js';
export { chooseEngine, ENGINES, type EngineName } from './engines/table.js';
export {
  type Action,
  EngineError,
  type EngineFault,
  EXIT_CODES,
  ExplainedError,
  type Remedy,
  RunError,
  remedyText,
  UsageError,
} from './errors.js';
export { type EvaluateOptions, evaluate, type SplitScores } from './evaluation/evaluate.js';
export type { EvaluateRunOptions } from './evaluation/evaluate-run.js';
export type { EvaluationChanges } from './evaluation/plan.js';
export type { EvaluationRecord } from './evaluation/record.js';
export { type OverviewSamplesOptions, overviewSamples } from './evaluation/run-pictures.js';
export { type TrainingCurvesOptions, trainingCurvesSvg } from './evaluation/training-curves.js';
export {
  createDataset,
  type DatasetSettings,
  type DefinedExperiment,
  defineExperiment,
  type Experiment,
  type ExperimentDefinition,
  engineSpec,
  experiments,
  findExperiment,
  parseExperiment,
  RECIPES,
  type Recipe,
  type Stage,
  stageExperiments,
  withRecipe,
  withSettings,
} from './experiments/index.js';
export { type ExportOptions, exportWeights } from './export/export-weights.js';
export {
  evaluateRun,
  type FitCallbacks,
  type FitOptions,
  type FittedRun,
  fit,
  type ScoreOptions,
} from './fit/index.js';
export {
  type Checkpoint,
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
} from './run/checkpoint.js';
export { bestEpoch, type EpochRecord, type UpdateLoss } from './run/epoch-record.js';
export type { Origin, OriginTraining } from './run/origin.js';
export type { RunConfig } from './run/run-config.js';
export { type FoundCheckpoint, RunFolder } from './run/run-folder.js';
export { type LockOptions, RunLock } from './run/run-lock.js';
export { RunRecorder } from './run/run-recorder.js';
export type { EpochScores, Scores } from './scores/record.js';
export { SCORES, type ScoreKey } from './scores/table.js';
export { svgToPng } from './system/svg-to-png.js';
export type { TrainingState, Weights } from './trainer/state.js';
export { type Ending, type TrainingEvents, type TrainOptions, train } from './trainer/train.js';
