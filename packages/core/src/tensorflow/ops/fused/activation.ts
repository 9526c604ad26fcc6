import { type Activation, activationNames } from '../../../model/network/activation-names.js';
import { lastAxis } from '../../../model/network/sample-shape.js';
import { KERNELS, runKernel } from '../kernels.js';
import type { Operations } from '../operations.js';
import { ownActivationGradient } from '../own-gradient.js';

/** The activation as an attribute of the kernels, which know it by its number. */
export const activationAttribute = (name: Activation) => ({ activation: activationNames.indexOf(name) });

export const activate: Operations['activate'] = (name, x) =>
  name === 'linear' ? x : runKernel(KERNELS.activate, { x }, activationAttribute(name));

export const activateGradient: Operations['activateGradient'] = (name, dy, y) => {
  if (name === 'linear') return dy;
  return (
    ownActivationGradient(name, dy, y) ?? runKernel(KERNELS.activateGradient, { dy, y }, activationAttribute(name))
  );
};

export const activateGradientWithBias: Operations['activateGradientWithBias'] = (name, dy, y, sums, bias) => {
  const biasSum = sums.accumulator(bias, [lastAxis(y.shape)]);
  return runKernel(KERNELS.activateGradient, { dy, y, biasSum }, activationAttribute(name));
};

// As the bias's gradient of a layer that does not activate: its own result is `x` again.
export const addChannelSums: Operations['addChannelSums'] = (sums, name, x) => {
  activateGradientWithBias('linear', x, x, sums, name);
};
