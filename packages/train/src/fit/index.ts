export { type FitCallbacks, type FitOptions, type FittedRun, fit } from './fit.js';
export { evaluateRun, type ScoreOptions } from './score-run.js';
