import { instruction } from './instruction.js';

/** out [columns] += the sums of the columns of x. */
export const columnSums = instruction(
  33,
  'column sums',
  { rows: 'count', columns: 'count', x: 'array', out: 'array' },
  ({ rows, columns }) => ({ x: rows * columns, out: columns }),
);

/** One update of Adam in place. `rates`: the learning rate over 1 − β₁ⁿ, and 1 / (1 − β₂ⁿ). */
export const adam = instruction(
  34,
  'Adam',
  {
    count: 'count',
    parameters: 'array',
    gradients: 'array',
    m: 'array',
    v: 'array',
    rates: 'array',
    beta1: 'float',
    rest1: 'float',
    beta2: 'float',
    rest2: 'float',
    epsilon: 'float',
  },
  ({ count }) => ({ parameters: count, gradients: count, m: count, v: count, rates: 2 }),
);
