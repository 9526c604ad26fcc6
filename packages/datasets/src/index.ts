export { BatchOrder, type BatchOrderOptions } from './batch-order.js';
export {
  allocateSamples,
  type Dataset,
  DatasetError,
  DatasetFileError,
  DEFAULT_SIZES,
  drawSamples,
  type Samples,
  SPLITS,
  type Split,
  type SplitSizes,
} from './dataset.js';
export { type FlyingShapesOptions, flyingShapes } from './flying-shapes.js';
export type { Digits } from './mnist/digits.js';
export { type FlyingMnistOptions, flyingMnist, type StaticMnistOptions, staticMnist } from './mnist/flying-mnist.js';
export { DEFAULT_MOTION, type IntegerPixelMotion, type Motion, type SubPixelMotion } from './motion.js';
export { SHAPES, type Shape } from './shapes.js';
export { type StaticShapesOptions, staticShapes } from './static-shapes.js';
