import { instruction } from './instruction.js';

/** y = activation(z + bias), [rows, channels]. y may be z. */
export const biasActivation = instruction(
  21,
  'bias and activation',
  { rows: 'count', channels: 'count', activation: 'integer', z: 'array', bias: 'optional', y: 'array' },
  ({ rows, channels }) => ({ z: rows * channels, bias: channels, y: rows * channels }),
);

/** dz = (dy + added) activation′, the derivative from y. dz may be any of the others. */
export const activationGradient = instruction(
  22,
  'activation gradient',
  { count: 'count', activation: 'integer', dy: 'array', added: 'optional', y: 'array', dz: 'array' },
  ({ count }) => ({ dy: count, added: count, y: count, dz: count }),
);
