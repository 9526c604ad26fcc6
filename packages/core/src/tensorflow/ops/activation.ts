import * as tf from '@tensorflow/tfjs-core';
import { type Activation, activationNames } from '../../model/network/activation-names.js';
import type { GradientSums } from './gradient-sums.js';
import { hasKernels, KERNELS, runKernel } from './kernels.js';

interface ActivationFunction {
  forward(x: tf.Tensor): tf.Tensor;
  /** ∂L/∂x from ∂L/∂y and y: every activation here has a derivative that is a function of its value. */
  backward(dy: tf.Tensor, y: tf.Tensor): tf.Tensor;
  /** The kernel of `backward`, from dy and y, that some backends have. */
  readonly gradientKernel?: string;
}

const positive = (y: tf.Tensor) => tf.cast(tf.greater(y, 0), 'float32');

const activations: Readonly<Record<Activation, ActivationFunction>> = {
  linear: { forward: (x) => x, backward: (dy) => dy },
  sigmoid: {
    forward: (x) => tf.sigmoid(x),
    backward: (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
    gradientKernel: 'SigmoidGrad',
  },
  tanh: { forward: (x) => tf.tanh(x), backward: (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))) },
  relu: { forward: (x) => tf.relu(x), backward: (dy, y) => tf.mul(dy, positive(y)), gradientKernel: 'ReluGrad' },
  // For x ≤ 0: y = exp(x) − 1 and dy/dx = exp(x) = y + 1.
  elu: {
    forward: (x) => tf.elu(x),
    backward: (dy, y) => tf.mul(dy, tf.add(tf.minimum(y, 0), 1)),
    gradientKernel: tf.EluGrad,
  },
};

/** Its number in the kernels. */
export const activationCode = (name: Activation): number => activationNames.indexOf(name);

/** The activation of x. */
export function activate(name: Activation, x: tf.Tensor): tf.Tensor {
  if (name === 'linear' || !hasKernels()) return activations[name].forward(x);
  return runKernel(KERNELS.activate, { x }, { activation: activationCode(name) });
}

/** Gradient of {@link activate} by x, from ∂L/∂y and y. */
export function activateGradient(name: Activation, dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const { backward, gradientKernel } = activations[name];
  if (gradientKernel && tf.getKernel(gradientKernel, tf.getBackend())) return runKernel(gradientKernel, { dy, y });
  if (name === 'linear' || !hasKernels()) return backward(dy, y);
  return runKernel(KERNELS.activateGradient, { dy, y }, { activation: activationCode(name) });
}

/** {@link activateGradient} of a layer with a bias: adds the bias's gradient to its sum `biasName`. */
export function activateGradientWithBias(
  name: Activation,
  dy: tf.Tensor,
  y: tf.Tensor,
  sums: GradientSums,
  biasName: string,
): tf.Tensor {
  if (hasKernels()) {
    const biasSum = sums.accumulator(biasName, [y.shape[y.rank - 1]]);
    return runKernel(KERNELS.activateGradient, { dy, y, biasSum }, { activation: activationCode(name) });
  }
  const dx = activateGradient(name, dy, y);
  addChannelSums(sums, biasName, dx);
  return dx;
}

/** Sums `x`, [..., channels], over all axes but the last, into the sum `name`. */
export function addChannelSums(sums: GradientSums, name: string, x: tf.Tensor): void {
  // As the bias's gradient of a layer that does not activate: its own result is `x` again.
  if (hasKernels()) activateGradientWithBias('linear', x, x, sums, name);
  else sums.add(name, tf.sum(tf.reshape(x, [-1, x.shape[x.rank - 1]]), 0));
}
