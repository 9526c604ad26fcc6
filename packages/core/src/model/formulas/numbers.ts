import type { Algebra } from './algebra.js';

/** The formulas on plain numbers, in double precision. */
export const numbers: Algebra<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  square: (a) => a * a,
  exp: Math.exp,
  log: Math.log,
  min: Math.min,
  clip: (a, low, high) => Math.min(Math.max(a, low), high),
  within: (a, low, high) => (a >= low && a <= high ? 1 : 0),
  positive: (a) => (a > 0 ? 1 : 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  tanh: Math.tanh,
  relu: (a) => Math.max(a, 0),
  elu: (a) => (a > 0 ? a : Math.expm1(a)),
};
