import type { Activation } from './spec.js';

/** Names of all activations. */
export const activationNames = ['linear', 'sigmoid', 'tanh', 'relu', 'elu'] as const satisfies readonly Activation[];
