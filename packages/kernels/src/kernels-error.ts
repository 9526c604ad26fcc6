/** What is wrong with a program, an arena or the choice of a variant, in a sentence. */
export class KernelsError extends Error {
  override readonly name = 'KernelsError';
}
