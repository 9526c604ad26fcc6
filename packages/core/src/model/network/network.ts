import { type NemShape, type NemSpec, nemShape } from './n-em.js';
import { NetworkError } from './network-error.js';
import { type RnnEmShape, type RnnEmSpec, rnnEmShape } from './rnn-em.js';

/** A network as data. */
export type NetworkSpec = RnnEmSpec | NemSpec;

/** A network with its shapes and parameters. */
export type NetworkShape = RnnEmShape | NemShape;

/**
 * The shapes and parameters of a network for images of `pixels` pixels.
 * @throws NetworkError for a network of an unknown type, that cannot be built, or whose output is not an image
 */
export function networkShape(network: NetworkSpec, pixels: number): NetworkShape {
  switch (network.type) {
    case 'rnn-em':
      return rnnEmShape(network, pixels);
    case 'n-em':
      return nemShape(network, pixels);
    default: {
      const { type } = network satisfies never as { type: unknown };
      throw new NetworkError(`the network has the unknown type '${String(type)}': use 'rnn-em' or 'n-em'.`);
    }
  }
}
