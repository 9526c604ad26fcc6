import { KernelsError } from '../kernels-error.js';
import { instruction } from './instruction.js';

const rows = { rows: 'count', length: 'count', channels: 'count', activation: 'integer' } as const;

/**
 * Floats of all rows, which hold whole pixels: the kernels go through a row pixel by pixel.
 * @throws KernelsError for a row that ends within a pixel
 */
function floatsOf({ rows, length, channels }: { rows: number; length: number; channels: number }): number {
  if (length % channels === 0) return rows * length;
  throw new KernelsError(`A norm has rows of ${length} floats: give a multiple of its ${channels} channels.`);
}

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
  (sizes) => {
    const { rows, channels } = sizes;
    const all = floatsOf(sizes);
    return { z: all, gain: channels, offset: channels, normalized: all, scale: rows, y: all, hidden: all };
  },
);

/** y once more from the normalised rows. */
export const normOutput = instruction(
  24,
  'norm again',
  { ...rows, normalized: 'array', gain: 'array', offset: 'array', y: 'array' },
  (sizes) => {
    const all = floatsOf(sizes);
    return { normalized: all, gain: sizes.channels, offset: sizes.channels, y: all };
  },
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
  (sizes) => {
    const { rows, channels } = sizes;
    const all = floatsOf(sizes);
    const sums = { gainSum: channels, offsetSum: channels, biasSum: channels };
    return { dy: all, y: all, normalized: all, scale: rows, gain: channels, ...sums, hiddenGradient: all, hidden: all };
  },
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
