import { NetworkError } from '../network/network-error.js';
import { shownOrMissing } from '../shown.js';

/**
 * Checks K.
 * @throws NetworkError unless it is an integer of at least 1
 */
export function requireComponents(components: number): void {
  if (Number.isInteger(components) && components >= 1) return;
  throw new NetworkError(`the number of components is ${shownOrMissing(components)}: give an integer of at least 1.`);
}
