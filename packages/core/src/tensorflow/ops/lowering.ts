import * as tf from '@tensorflow/tfjs-core';
import { hasKernels } from './kernels.js';

/** Whether products with a transposed factor are as fast as plain ones. */
export function multipliesTransposed(): boolean {
  return tf.getBackend() !== 'wasm' || hasKernels();
}

/** Whether the backend's own convolution gradients are right and at forward speed. */
export function hasConvolutionGradients(): boolean {
  return hasKernels() || tf.getBackend() === 'tensorflow' || tf.getBackend() === 'cpu';
}
