import { instruction } from './instruction.js';

/** out [columns] += the sums of the columns of x. */
export const columnSums = instruction(
  33,
  'column sums',
  { rows: 'count', columns: 'count', x: 'array', out: 'array' },
  ({ rows, columns }) => ({ x: rows * columns, out: columns }),
);

/** Doubles that an update of Adam multiplies with, and the floats that they take. */
export const ADAM_FACTORS = 7;
const FACTOR_FLOATS = 2 * ADAM_FACTORS;

/**
 * One update of Adam in place. `factors`: the learning rate over 1 − β₁ⁿ, 1 / (1 − β₂ⁿ), β₁, 1 − β₁, β₂, 1 − β₂ and epsilon, as
 * doubles.
 */
export const adam = instruction(
  34,
  'Adam',
  { count: 'count', parameters: 'array', gradients: 'array', m: 'array', v: 'array', factors: 'array' },
  ({ count }) => ({ parameters: count, gradients: count, m: count, v: count, factors: FACTOR_FLOATS }),
);
