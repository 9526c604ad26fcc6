import type * as tf from '@tensorflow/tfjs-core';
import { elements, lastAxis } from '../model/network/sample-shape.js';
import { moduleOf } from './module.js';
import type { Kernel } from './registration.js';
import { shape1, shape2 } from './shapes.js';

type Inputs<Required extends string, Optional extends string = never> = Record<Required, tf.TensorInfo> &
  Partial<Record<Optional, tf.TensorInfo>>;

const activationOf = (attrs: unknown) => (attrs as { activation: number }).activation;

export const activate: Kernel = ({ inputs, attrs, backend }) => {
  const { x } = inputs as Inputs<'x'>;
  const module = moduleOf(backend);
  const y = module.output(x.shape);
  module.exports.activateAll(elements(x.shape), activationOf(attrs), module.address(x), module.address(y));
  return y;
};

export const activateGradient: Kernel = ({ inputs, attrs, backend }) => {
  const { dy, y, biasSum } = inputs as Inputs<'dy' | 'y', 'biasSum'>;
  const module = moduleOf(backend);
  const dx = module.output(dy.shape);
  const channels = lastAxis(dy.shape);
  const addresses = [dy, y, dx, biasSum].map((tensor) => module.address(tensor));
  module.exports.activateGradient(elements(dy.shape) / channels, channels, activationOf(attrs), ...addresses);
  return dx;
};

export const normActivate: Kernel = ({ inputs, attrs, backend }) => {
  const { x, gain, offset } = inputs as Inputs<'x' | 'gain' | 'offset'>;
  const { epsilon } = attrs as unknown as { epsilon: number };
  const module = moduleOf(backend);
  const [rows = 1] = x.shape;
  const [channels] = shape1(gain);
  const length = elements(x.shape) / rows;
  const outputs = [module.output(x.shape), module.output([rows, length]), module.output([rows, 1])];
  const addresses = [x, gain, offset, ...outputs].map((tensor) => module.address(tensor));
  module.exports.normActivate(rows, length, channels, activationOf(attrs), epsilon, ...addresses);
  return outputs;
};

export const normActivateGradient: Kernel = ({ inputs, attrs, backend }) => {
  const { dy, y, normalized, scale, gain, gainSum, offsetSum, biasSum } = inputs as Inputs<
    'dy' | 'y' | 'normalized' | 'scale' | 'gain' | 'gainSum' | 'offsetSum',
    'biasSum'
  >;
  const module = moduleOf(backend);
  const [rows, length] = shape2(normalized);
  const [channels] = shape1(gain);
  const dx = module.output(dy.shape);
  const tensors = [dy, y, normalized, scale, gain, dx, gainSum, offsetSum, biasSum];
  const addresses = tensors.map((tensor) => module.address(tensor));
  module.exports.normActivateGradient(rows, length, channels, activationOf(attrs), ...addresses);
  return dx;
};
