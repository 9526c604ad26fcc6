/** Trained networks, and grouping with them: in browsers and Node, with or without an engine. */
export { type ModelName, modelNames, weightsUrl } from './catalogue.js';
export type { MakeEngine } from './engines/by-engine.js';
export { type EngineChoice, type EngineName, engineNames } from './engines/table.js';
export type { Frame, Frames } from './frames.js';
export type { Grouping, GroupingShape } from './grouping.js';
export { type GroupOptions, type LoadOptions, loadModel, type Model, type TrackOptions } from './model.js';
export { ModelError } from './model-error.js';
export { type FitOptions, type FitTarget, fitPicture, isDarkOnBright } from './pictures/fit-picture.js';
export type { Picture } from './pictures/picture.js';
export { otsuThreshold } from './pictures/threshold.js';
export type { ModelSource } from './source.js';
export type { Tracker } from './tracker.js';
