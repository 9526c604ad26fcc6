/**
 * The part of this package that needs no tensor library: networks, mixtures and engines as data and types, their rules, and
 * the golden vectors' comparison. For engines that compute without TensorFlow.js.
 */
export type { Objective } from './em/sequence.js';
export { type AdamOptions, adamUpdate, resolveAdam } from './engine/adam.js';
export { requireComponents } from './engine/components.js';
export type { Engine, EngineSpec, FrameBatch, Inference, OptimizerState, Randomness } from './engine/engine.js';
export { requireFrames } from './engine/frames.js';
export { corrupt, corruptFrame, initialGamma, type NoiseSpec } from './engine/noise.js';
export { CLIPPING_EPSILON, LAYER_NORM_EPSILON, LIKELIHOOD_EPSILON } from './epsilons.js';
export { type MixtureSpec, resolveMixture } from './mixture/spec.js';
export { elements, NetworkError, type ParameterSpec, type SampleShape } from './network/layer.js';
export { initializeParameters, requireParameters } from './network/parameters.js';
export {
  type LayerShape,
  type NemShape,
  type NetworkShape,
  networkShape,
  type RecurrentShape,
  type RnnEmShape,
} from './network/shape.js';
export type {
  Activation,
  ConvSpec,
  DenseSpec,
  LayerSpec,
  NemSpec,
  NetworkSpec,
  RecurrentSpec,
  ResizeConvSpec,
  RnnEmSpec,
} from './network/spec.js';
export type { StepLossValues } from './ops/mixture.js';
export { type Phase, phases, samePadding } from './ops/padding.js';
export { decodeVector, type GoldenVector, parseVector, VectorError } from './verify/vector.js';
export { type Comparison, relativeError, TOLERANCES, verify } from './verify/verify.js';
export { copyArrays } from './weights/copy-arrays.js';
export type { NamedArray, NamedArrays } from './weights/safetensors.js';
