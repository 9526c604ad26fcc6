import { instruction } from './instruction.js';

/** out = value. */
export const fill = instruction(16, 'fill', { count: 'count', out: 'array', value: 'float' }, ({ count }) => ({
  out: count,
}));

/** out = x. */
export const copy = instruction(17, 'copy', { count: 'count', x: 'array', out: 'array' }, ({ count }) => ({
  x: count,
  out: count,
}));
