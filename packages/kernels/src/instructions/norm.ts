import { instruction } from './instruction.js';

const rows = { rows: 'count', length: 'count', channels: 'count', activation: 'integer' } as const;

/** normalized, scale [rows] and y = activation(normalized · gain + offset) from z; hidden = activation(z). */
export const normForward = instruction(
  23,
  'norm',
  {
    ...rows,
    epsilon: 'float',
    z: 'array',
    gain: 'array',
    offset: 'array',
    normalized: 'optional',
    scale: 'optional',
    y: 'optional',
    hidden: 'optional',
  },
  ({ rows, length, channels }) => ({
    z: rows * length,
    gain: channels,
    offset: channels,
    normalized: rows * length,
    scale: rows,
    y: rows * length,
    hidden: rows * length,
  }),
);

/** y once more from the normalised rows. */
export const normOutput = instruction(
  24,
  'norm again',
  { ...rows, normalized: 'array', gain: 'array', offset: 'array', y: 'array' },
  ({ rows, length, channels }) => ({
    normalized: rows * length,
    gain: channels,
    offset: channels,
    y: rows * length,
  }),
);

/** dz over `normalized` from dy, which is overwritten; adds to the sums by channel. */
export const normBackward = instruction(
  25,
  'norm gradient',
  {
    ...rows,
    dy: 'array',
    y: 'array',
    normalized: 'array',
    scale: 'array',
    gain: 'array',
    gainSum: 'array',
    offsetSum: 'array',
    biasSum: 'array',
    hiddenGradient: 'optional',
    hidden: 'optional',
  },
  ({ rows, length, channels }) => ({
    dy: rows * length,
    y: rows * length,
    normalized: rows * length,
    scale: rows,
    gain: channels,
    gainSum: channels,
    offsetSum: channels,
    biasSum: channels,
    hiddenGradient: rows * length,
    hidden: rows * length,
  }),
);

/** y, each row of x at mean 0 and variance 1, and its scale. */
export const standardize = instruction(
  26,
  'input norm',
  { rows: 'count', length: 'count', x: 'array', y: 'array', scale: 'array' },
  ({ rows, length }) => ({ x: rows * length, y: rows * length, scale: rows }),
);

/** The gradient with respect to x over dy. */
export const standardizeGradient = instruction(
  27,
  'input norm gradient',
  { rows: 'count', length: 'count', y: 'array', scale: 'array', dy: 'array' },
  ({ rows, length }) => ({ y: rows * length, scale: rows, dy: rows * length }),
);
