import type { Activation } from '@nem/core';
import { type Form, inForms, SCALAR } from './operand.js';

/** In WGSL for numbers and vectors alike; `$` stands for the type. */
const FORWARD: Readonly<Record<Activation, string>> = {
  linear: 'x',
  sigmoid: '1.0 / (1.0 + exp(-x))',
  // Some drivers' tanh overflows; beyond 15 it is ±1 in float32.
  tanh: 'tanh(clamp(x, $(-15.0), $(15.0)))',
  relu: 'max(x, $(0.0))',
  elu: 'select(exp(x) - 1.0, x, x > $(0.0))',
};

/** By the activation's value y. */
const SLOPE: Readonly<Record<Activation, string>> = {
  linear: '$(1.0)',
  sigmoid: 'y * (1.0 - y)',
  tanh: '1.0 - y * y',
  relu: 'select($(0.0), $(1.0), y > $(0.0))',
  elu: 'min(y, $(0.0)) + 1.0',
};

/** WGSL: `activate(x)`, and its derivative `slope(y)` as a function of its value; `activate4` and `slope4` of vectors. */
export function activationCode(activation: Activation, { suffix, type }: Form = SCALAR): string {
  const [forward, slope] = [FORWARD, SLOPE].map((table) => table[activation].replaceAll('$', type));
  return `fn activate${suffix}(x: ${type}) -> ${type} { return ${forward}; }
fn slope${suffix}(y: ${type}) -> ${type} { return ${slope}; }`;
}

/** WGSL: {@link activationCode} of numbers and, where `vector`, of vectors too. */
export const activationForms = (activation: Activation, vector: boolean): string =>
  inForms(vector, (form) => activationCode(activation, form));
