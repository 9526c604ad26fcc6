import { type NetworkSpec, networkShape } from '../../model/network/network.js';
import type { Cell } from './cell.js';
import { nemCell } from './n-em.js';
import { rnnEmCell } from './rnn-em.js';

/**
 * The cell of a network for images of `pixels` pixels.
 * @throws NetworkError for a network that cannot be built or whose output is not an image
 */
export function createCell(network: NetworkSpec, pixels: number): Cell {
  const shape = networkShape(network, pixels);
  switch (shape.type) {
    case 'n-em':
      return nemCell(shape);
    case 'rnn-em':
      return rnnEmCell(shape, pixels);
    default:
      return shape satisfies never;
  }
}
