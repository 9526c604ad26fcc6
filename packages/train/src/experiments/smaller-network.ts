import type { NetworkSpec } from '@nem/core';
import { type Remedy, setting } from '../errors.js';

/** What to do about a network that is too large: the setting halves the hidden state. */
export function smallerNetwork(network: NetworkSpec): Exclude<Remedy, string> {
  const [field, size] =
    network.type === 'n-em' ? ['network.size', network.size] : ['network.recurrent.size', network.recurrent.size];
  return ['make it smaller, e.g. ', setting(`${field}=${Math.ceil(size / 2)}`)];
}
