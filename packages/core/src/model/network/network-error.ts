import { CodedError } from '../coded-error.js';

/** A network, layer or parameter that cannot be built; the message names it and what to do. */
export class NetworkError extends CodedError {
  static override readonly code = 'NEM_NETWORK';
  override readonly name = 'NetworkError';
}
