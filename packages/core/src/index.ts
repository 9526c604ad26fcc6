/**
 * The model: networks, mixtures, objectives and engines as data and types, with their rules; noise, Adam, weights and
 * verification. It needs no tensor library and runs wherever JavaScript runs; `@nem/core/tensorflow`, `@nem/kernels` and
 * `@nem/webgpu` compute it.
 */
export {
  type AdamOptions,
  type AdamRates,
  adamRates,
  adamUpdate,
  clipFactor,
  clipGradients,
  resolveAdam,
  scaleGradients,
  sumOfSquares,
} from './model/adam.js';
export { CodedError } from './model/coded-error.js';
export { requireComponents } from './model/engine/components.js';
export { type Decoration, decorateEngine } from './model/engine/decorate-engine.js';
export type { Engine, EngineSpec, Inference, OptimizerState, Randomness } from './model/engine/engine.js';
export { type FrameBatch, frameAt, requireFrames, requirePixels } from './model/engine/frames.js';
export { type Guard, guardEngine } from './model/engine/guard-engine.js';
export { DisposedError, InputError } from './model/engine/input-error.js';
export { type KernelProfile, sumByKernel } from './model/engine/kernel-profile.js';
export { requireCount, requireFlag, requireKey } from './model/engine/require.js';
export { requireEngineSpec } from './model/engine/require-spec.js';
export { CLIPPING_EPSILON, LAYER_NORM_EPSILON, LIKELIHOOD_EPSILON } from './model/epsilons.js';
export type { Algebra } from './model/formulas/algebra.js';
export { numbers } from './model/formulas/numbers.js';
export {
  createEmStep,
  type EmState,
  type EmStep,
  type EmStepSpec,
  initialEmState,
  requireStepLengths,
} from './model/forward/em-step.js';
export {
  type LearningRate,
  type LearningRateSchedule,
  learningRateAt,
  learningRateFault,
} from './model/learning-rate.js';
export type { MixtureSpec } from './model/mixture/distributions.js';
export {
  distributionNames,
  isBinary,
  mixtureFault,
  pixelDistribution,
  resolveMixture,
} from './model/mixture/distributions.js';
export type { PixelDistribution } from './model/mixture/pixel-distribution.js';
export { type ActivationFunction, activationFunctions } from './model/network/activation-functions.js';
export type { Activation } from './model/network/activation-names.js';
export type { LayerShape } from './model/network/layer-shape.js';
export type { LayerSpec, LayerSpecOf } from './model/network/layer-types.js';
export type { ConvSpec } from './model/network/layers/conv.js';
export type { DenseSpec } from './model/network/layers/dense.js';
export type { FlattenSpec } from './model/network/layers/flatten.js';
export type { InputNormSpec } from './model/network/layers/input-norm.js';
export type { ReshapeSpec } from './model/network/layers/reshape.js';
export type { ResizeConvSpec } from './model/network/layers/resize-conv.js';
export type { NemShape, NemSpec } from './model/network/n-em.js';
export { type NetworkShape, type NetworkSpec, networkFault, networkShape } from './model/network/network.js';
export { NetworkError } from './model/network/network-error.js';
export { type Phase, phases, samePadding } from './model/network/padding.js';
export type { ParameterSpec } from './model/network/parameter-spec.js';
export { initializeParameters, requireParameters } from './model/network/parameters.js';
export type { RecurrentShape, RecurrentSpec } from './model/network/recurrent.js';
export type { RnnEmShape, RnnEmSpec } from './model/network/rnn-em.js';
export { elements, type SampleShape } from './model/network/sample-shape.js';
export { corrupt, corruptFrame, initialGamma, type NoiseSpec, noiseTypes } from './model/noise.js';
export {
  type GammaGradient,
  gammaGradients,
  gammaPaths,
  type Objective,
  type StepLossValues,
  totalLoss,
} from './model/objective.js';
export { shown, shownOrMissing } from './model/shown.js';
export type { SpecFault } from './model/spec-check.js';
export {
  type JsonBounds,
  JsonError,
  type JsonObject,
  type JsonValue,
  parseBoundedJson,
} from './model/verify/bounded-json.js';
export { decodeVector, type GoldenVector, parseVector, VectorError } from './model/verify/vector.js';
export { type Comparison, relativeError, TOLERANCES, verify } from './model/verify/verify.js';
export { copyArrays } from './model/weights/copy-arrays.js';
export {
  type ModelDescription,
  type ModelMetadata,
  ModelMetadataError,
  modelMetadata,
  readModelMetadata,
} from './model/weights/model-description.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
  type NamedArrays,
  SafetensorsError,
  type SafetensorsOptions,
} from './model/weights/safetensors.js';
