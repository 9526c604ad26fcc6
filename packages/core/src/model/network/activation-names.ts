/** Names of all activations; their places are their numbers in the compiled kernels. */
export const activationNames = ['linear', 'sigmoid', 'tanh', 'relu', 'elu'] as const;

/** Activation functions: element-wise, after layer norm where there is one. */
export type Activation = (typeof activationNames)[number];
