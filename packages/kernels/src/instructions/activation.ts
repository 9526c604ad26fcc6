import { instruction } from './instruction.js';

/** y = activation(z). y may be z. */
export const applyActivation = instruction(
  21,
  'activation',
  { count: 'count', activation: 'integer', z: 'array', y: 'array' },
  ({ count }) => ({ z: count, y: count }),
);

/** dz = (dy + added) activation′, the derivative from y. dz may be any of the others. */
export const activationGradient = instruction(
  22,
  'activation gradient',
  { count: 'count', activation: 'integer', dy: 'array', added: 'optional', y: 'array', dz: 'array' },
  ({ count }) => ({ dy: count, added: count, y: count, dz: count }),
);
