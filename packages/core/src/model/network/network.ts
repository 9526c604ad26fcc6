import { type Check, type Fields, faultSentence, type SpecFault, variant } from '../spec-check.js';
import { type NemShape, type NemSpec, nemFields, nemShape } from './n-em.js';
import { NetworkError } from './network-error.js';
import { type RnnEmShape, type RnnEmSpec, rnnEmFields, rnnEmShape } from './rnn-em.js';

/** A network as data. */
export type NetworkSpec = RnnEmSpec | NemSpec;

/** A network with its shapes and parameters. */
export type NetworkShape = RnnEmShape | NemShape;

const networkTypes: { readonly [T in NetworkSpec['type']]: Fields<Extract<NetworkSpec, { type: T }>> } = {
  'rnn-em': rnnEmFields,
  'n-em': nemFields,
};

const checkNetwork: Check = variant(networkTypes, (type) => `'${type}'`);

/** The first invalid field of a network, at any depth; undefined if all are valid. */
export const networkFault = (network: unknown): SpecFault | undefined => checkNetwork(network);

/**
 * The shapes and parameters of a network for images of `pixels` pixels.
 * @throws NetworkError for a network with an unknown type or field, a field of a wrong type or out of range, that cannot be
 *   built, or whose output is not an image
 */
export function networkShape(network: NetworkSpec, pixels: number): NetworkShape {
  const fault = networkFault(network);
  if (fault)
    throw new NetworkError(faultSentence(fault, network?.type === 'n-em' ? 'the N-EM network' : 'the network'));
  switch (network.type) {
    case 'rnn-em':
      return rnnEmShape(network, pixels);
    case 'n-em':
      return nemShape(network, pixels);
    default:
      return network satisfies never;
  }
}
