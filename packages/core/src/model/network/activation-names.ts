import { kind } from '../spec-check.js';

/** Names of all activations; their places are their numbers in the compiled kernels. */
export const activationNames = ['linear', 'sigmoid', 'tanh', 'relu', 'elu'] as const;

/** Activation functions: element-wise, after layer norm where there is one. */
export type Activation = (typeof activationNames)[number];

/** A field that names an activation. */
export const activation = kind(`use one of ${activationNames.join(', ')}.`, (value) =>
  activationNames.some((known) => known === value),
);
