import type { Operations } from '../operations.js';
import * as activation from './activation.js';
import * as convolution from './convolution.js';
import * as layerNorm from './layer-norm.js';
import * as linear from './linear.js';
import * as mixture from './mixture.js';

/** Every operation in TensorFlow.js's own ones, right on every backend. */
export const composite: Operations = { ...activation, ...convolution, ...layerNorm, ...linear, ...mixture };
