import type * as tf from '@tensorflow/tfjs-core';
import { moduleOf, type WasmModule } from './module.js';
import type { Kernel } from './registration.js';
import { shape3 } from './shapes.js';

interface MixtureAttributes {
  readonly bernoulli: number;
  readonly sigma: number;
  readonly prior: number;
  readonly logPrior: number;
  readonly logRest: number;
}

type Inputs = Record<'x' | 'psi' | 'gamma', tf.TensorInfo> & { readonly inputGradient?: tf.TensorInfo };

function setMixture(module: WasmModule, attrs: unknown): void {
  const { bernoulli, sigma, prior, logPrior, logRest } = attrs as MixtureAttributes;
  module.exports.mixture(bernoulli, prior, logPrior, logRest, sigma);
}

export const eStep: Kernel = ({ inputs, attrs, backend }) => {
  const { x, psi } = inputs as unknown as Inputs;
  const module = moduleOf(backend);
  const gamma = module.output(psi.shape);
  setMixture(module, attrs);
  const [batch, components, pixels] = shape3(psi);
  module.exports.eStep(batch, components, pixels, ...[x, psi, gamma].map((tensor) => module.address(tensor)));
  return gamma;
};

export const losses: Kernel = ({ inputs, attrs, backend }) => {
  const { x, psi, gamma } = inputs as unknown as Inputs;
  const module = moduleOf(backend);
  const sums = module.output([2]);
  setMixture(module, attrs);
  const [batch, components, pixels] = shape3(psi);
  module.exports.losses(batch, components, pixels, ...[x, psi, gamma, sums].map((tensor) => module.address(tensor)));
  return sums;
};

export const upperLoss: Kernel = ({ inputs, attrs, backend }) => {
  const { x, psi } = inputs as unknown as Inputs;
  const module = moduleOf(backend);
  const sum = module.output([1]);
  setMixture(module, attrs);
  const [batch, components, pixels] = shape3(psi);
  module.exports.upperLoss(batch, components, pixels, ...[x, psi, sum].map((tensor) => module.address(tensor)));
  return sum;
};

export const maskedDifference: Kernel = ({ inputs, backend }) => {
  const { x, psi, gamma } = inputs as unknown as Inputs;
  const module = moduleOf(backend);
  const output = module.output(psi.shape);
  const addresses = [x, psi, gamma, output].map((tensor) => module.address(tensor));
  const [batch, components, pixels] = shape3(psi);
  module.exports.maskedDifference(batch, components, pixels, ...addresses);
  return output;
};

export const predictionGradient: Kernel = ({ inputs, attrs, backend }) => {
  const { x, psi, gamma, inputGradient } = inputs as unknown as Inputs;
  const { weight, interWeight } = attrs as unknown as { weight: number; interWeight: number };
  const module = moduleOf(backend);
  const output = module.output(psi.shape);
  setMixture(module, attrs);
  const addresses = [x, psi, gamma, inputGradient, output].map((tensor) => module.address(tensor));
  const [batch, components, pixels] = shape3(psi);
  module.exports.predictionGradient(batch, components, pixels, weight, interWeight, ...addresses);
  return output;
};
