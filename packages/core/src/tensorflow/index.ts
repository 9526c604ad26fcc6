/** The engine on TensorFlow.js, with any of its backends. */
export { createTensorFlowEngine, type EngineIdentity, type GradientEngine } from './engine.js';
