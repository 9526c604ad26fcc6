import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../model/network/activation-names.js';
import { runKernel } from './run-kernel.js';

/** TensorFlow.js's kernels of an activation's gradient, from dy and y; not every backend has them. */
const KERNELS_BY_ACTIVATION: Partial<Record<Activation, string>> = {
  sigmoid: 'SigmoidGrad',
  relu: 'ReluGrad',
  elu: tf.EluGrad,
};

/** ∂L/∂x of an activation by the backend's own kernel; undefined where it has none. */
export function ownActivationGradient(name: Activation, dy: tf.Tensor, y: tf.Tensor): tf.Tensor | undefined {
  const kernel = KERNELS_BY_ACTIVATION[name];
  return kernel && tf.getKernel(kernel, tf.getBackend()) ? runKernel<tf.Tensor>(kernel, { dy, y }) : undefined;
}
