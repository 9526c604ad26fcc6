import type * as tf from '@tensorflow/tfjs-core';
import { LAYER_NORM_EPSILON } from '../../../model/epsilons.js';
import { KERNELS, runKernel } from '../kernels.js';
import type { Operations } from '../operations.js';
import { activationAttribute } from './activation.js';

export const normActivate: Operations['normActivate'] = (activation, x, parameters) => {
  const attributes = { ...activationAttribute(activation), epsilon: LAYER_NORM_EPSILON };
  const [y, ...saved] = runKernel<[tf.Tensor, ...tf.Tensor[]]>(KERNELS.normActivate, { x, ...parameters }, attributes);
  return { y, saved };
};

export const normActivateGradient: Operations['normActivateGradient'] = (
  activation,
  dy,
  { y, saved },
  gain,
  sums,
  names,
) => {
  const [normalized, scale] = saved;
  const sum = (name: string | undefined) => (name ? sums.accumulator(name, gain.shape) : undefined);
  const ofParameters = { gainSum: sum(names.gain), offsetSum: sum(names.offset), biasSum: sum(names.bias) };
  const inputs = { dy, y, normalized, scale, gain, ...ofParameters };
  return runKernel(KERNELS.normActivateGradient, inputs, activationAttribute(activation));
};
