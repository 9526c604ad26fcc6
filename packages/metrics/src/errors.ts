/**
 * Thrown for an argument that cannot be scored: labels that are not integers, arrays of different lengths, an unknown
 * averaging. The message is one sentence that names the argument, its value and the remedy.
 */
export class MetricInputError extends Error {
  override readonly name = 'MetricInputError';

  /**
   * @param input the argument or option at fault, e.g. `labelsPred`
   * @param message the whole sentence
   */
  constructor(
    readonly input: string,
    message: string,
  ) {
    super(message);
  }
}
