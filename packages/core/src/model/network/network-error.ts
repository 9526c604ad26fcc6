/** A network, layer or parameter that cannot be built; the message names it and what to do. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}
