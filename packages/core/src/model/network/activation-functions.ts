import type { Algebra } from '../formulas/algebra.js';
import type { Activation } from './activation-names.js';

/** An activation function and its derivative, which for every one of them is a function of its value. */
export interface ActivationFunction {
  /** y from x. */
  value<T>(algebra: Algebra<T>, x: T): T;
  /** dy/dx from y; absent where it is 1 everywhere. */
  readonly slope?: <T>(algebra: Algebra<T>, y: T) => T;
}

/** The formulas of all activations (method, section 4). */
export const activationFunctions: Readonly<Record<Activation, ActivationFunction>> = {
  linear: { value: (_, x) => x },
  sigmoid: { value: (a, x) => a.sigmoid(x), slope: (a, y) => a.mul(y, a.sub(1, y)) },
  tanh: { value: (a, x) => a.tanh(x), slope: (a, y) => a.sub(1, a.square(y)) },
  relu: { value: (a, x) => a.relu(x), slope: (a, y) => a.positive(y) },
  // For x ≤ 0: y = exp(x) − 1 and dy/dx = exp(x) = y + 1.
  elu: { value: (a, x) => a.elu(x), slope: (a, y) => a.add(a.min(y, 0), 1) },
};
