import { instruction } from './instruction.js';

/** next = θ + η s(1 − s) ascent with s = sigmoid(θ); squashed = sigmoid(next). */
export const nemUpdate = instruction(
  31,
  'θ update',
  { count: 'count', theta: 'array', ascent: 'array', step: 'array', next: 'array', squashed: 'array' },
  ({ count }) => ({ theta: count, ascent: count, step: 1, next: count, squashed: count }),
);

/** The gradients with respect to θ (`carried`) and to the ascent (in its place); adds η's to its sum. */
export const nemUpdateGradient = instruction(
  32,
  'θ update gradient',
  {
    count: 'count',
    decoded: 'array',
    theta: 'array',
    ascent: 'array',
    squashed: 'array',
    step: 'array',
    carried: 'array',
    hasNext: 'integer',
    stepSum: 'array',
  },
  ({ count }) => ({
    decoded: count,
    theta: count,
    ascent: count,
    squashed: count,
    step: 1,
    carried: count,
    stepSum: 1,
  }),
);
