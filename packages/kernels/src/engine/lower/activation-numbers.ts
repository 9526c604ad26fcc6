import type { Activation } from '@nem/core';

/** The activations' numbers in `c/elementary.h`. */
export const activationNumber: Readonly<Record<Activation, number>> = {
  linear: 0,
  sigmoid: 1,
  tanh: 2,
  relu: 3,
  elu: 4,
};
