import { flyingShapes } from './flying-shapes.js';
import type { DatasetKind } from './kind.js';
import { flyingMnist, staticMnist } from './mnist/flying-mnist.js';
import { staticShapes } from './static-shapes.js';

export { BatchOrder, type BatchOrderOptions } from './batch-order.js';
export { type Batch, type BatchesOptions, batches } from './batches.js';
export {
  allocateSamples,
  type Dataset,
  DatasetError,
  DatasetFileError,
  DEFAULT_SIZES,
  type DrawnDataset,
  drawSamples,
  isStill,
  type Json,
  type Samples,
  type SamplesShape,
  SPLITS,
  type Split,
  type SplitSizes,
  shapeOf,
  withSample,
} from './dataset.js';
export { type Canvas, type DatasetDefinition, defineDataset } from './define-dataset.js';
export type { FlyingShapesOptions } from './flying-shapes.js';
export type { DatasetKind } from './kind.js';
export type { Digits } from './mnist/digits.js';
export type { FlyingMnistOptions, StaticMnistOptions } from './mnist/flying-mnist.js';
export { DEFAULT_MOTION, type IntegerPixelMotion, type Motion, type SubPixelMotion } from './motion.js';
export { type OptionsFault, optionsFault } from './options.js';
export { SHAPES, type Shape } from './shapes.js';
export type { StaticShapesOptions } from './static-shapes.js';
export { flyingMnist, flyingShapes, staticMnist, staticShapes };

/** Every dataset that is drawn from random numbers, by its name. */
export const DATASETS = {
  'static-shapes': { draws: 'shapes', isStill: true, create: staticShapes },
  'flying-shapes': { draws: 'shapes', isStill: false, create: flyingShapes },
  'flying-mnist': { draws: 'digits', isStill: false, create: flyingMnist },
  'static-mnist': { draws: 'digits', isStill: true, create: staticMnist },
} as const satisfies Record<string, DatasetKind>;
