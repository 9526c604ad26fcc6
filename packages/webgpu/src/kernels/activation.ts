import { type Activation, NetworkError } from '@nem/core';
import { entryOf } from '../table.js';
import { type Form, inForms, SCALAR } from './operand.js';

/** An activation function in WGSL, for numbers and vectors alike; `$` stands for the type. */
interface ActivationFormulas {
  /** y of x. */
  readonly value: string;
  /** dy/dx of y: every activation here has a derivative that is a function of its value. */
  readonly slope: string;
}

const ACTIVATIONS: Readonly<Record<Activation, ActivationFormulas>> = {
  linear: { value: 'x', slope: '$(1.0)' },
  sigmoid: { value: '1.0 / (1.0 + exp(-x))', slope: 'y * (1.0 - y)' },
  // Some drivers' tanh overflows; beyond 15 it is ±1 in float32.
  tanh: { value: 'tanh(clamp(x, $(-15.0), $(15.0)))', slope: '1.0 - y * y' },
  relu: { value: 'max(x, $(0.0))', slope: 'select($(0.0), $(1.0), y > $(0.0))' },
  elu: { value: 'select(exp(x) - 1.0, x, x > $(0.0))', slope: 'min(y, $(0.0)) + 1.0' },
};

/**
 * WGSL: `activate(x)`, and its derivative `slope(y)` as a function of its value; `activate4` and `slope4` of vectors.
 * @throws NetworkError for an unknown activation
 */
export function activationCode(activation: Activation, { suffix, type }: Form = SCALAR): string {
  const unknown = (known: string) => new NetworkError(`unknown activation '${activation}': use ${known}.`);
  const { value, slope } = entryOf(ACTIVATIONS, activation, unknown);
  return `fn activate${suffix}(x: ${type}) -> ${type} { return ${value.replaceAll('$', type)}; }
fn slope${suffix}(y: ${type}) -> ${type} { return ${slope.replaceAll('$', type)}; }`;
}

/** WGSL: {@link activationCode} of numbers and, where `vector`, of vectors too. */
export const activationForms = (activation: Activation, vector: boolean): string =>
  inForms(vector, (form) => activationCode(activation, form));
