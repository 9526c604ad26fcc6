export type { Objective } from './em/sequence.js';
export { type AdamOptions, adamUpdate } from './engine/adam.js';
export type { Engine, EngineSpec, FrameBatch, Inference, OptimizerState, Randomness } from './engine/engine.js';
export { corrupt, initialGamma, type NoiseSpec } from './engine/noise.js';
export { createTensorFlowEngine, type EngineIdentity, type GradientEngine } from './engine/tensorflow-engine.js';
export type { MixtureSpec } from './mixture/spec.js';
export { NetworkError } from './network/layer.js';
export type {
  Activation,
  ConvSpec,
  DenseSpec,
  FlattenSpec,
  InputNormSpec,
  LayerSpec,
  NemSpec,
  NetworkSpec,
  RecurrentSpec,
  ReshapeSpec,
  ResizeConvSpec,
  RnnEmSpec,
} from './network/spec.js';
export type { StepLossValues } from './ops/mixture.js';
export { decodeVector, type GoldenVector, parseVector, VectorError } from './verify/vector.js';
export { type Comparison, relativeError, TOLERANCES, verify } from './verify/verify.js';
export { copyArrays } from './weights/copy-arrays.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
  type NamedArrays,
  SafetensorsError,
} from './weights/safetensors.js';
