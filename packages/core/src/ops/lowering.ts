import * as tf from '@tensorflow/tfjs-core';

const BACKEND = 'wasm';

/** Whether the backend is WebAssembly with the kernels of this package: without them it lacks `Conv2DBackpropFilter`. */
export function hasWasmKernels(): boolean {
  return tf.getBackend() === BACKEND && tf.getKernel(tf.Conv2DBackpropFilter, BACKEND) !== undefined;
}

/** Whether products with a transposed factor are as fast as plain ones. */
export function multipliesTransposed(): boolean {
  return tf.getBackend() !== BACKEND || hasWasmKernels();
}

/** Whether the backend's own convolution gradients are right and fast, but take no padding of their own: libtensorflow's. */
export function hasGradientKernels(): boolean {
  return tf.getBackend() === 'tensorflow';
}
