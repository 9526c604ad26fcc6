/**
 * Thrown for an argument that cannot be scored: labels that are not integers, arrays of different lengths, an unknown
 * averaging. The message is one sentence that names the argument, its value and the remedy.
 */
export class MetricInputError extends Error {
  override readonly name = 'MetricInputError';
  /** The same text in every copy of the package, by `import` or by `require`; `instanceof` goes by it. */
  readonly code = 'NEM_METRIC_INPUT';

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a caller's own subclass has no code and is told by its class.
    if (this !== MetricInputError) return super[Symbol.hasInstance](value);
    return (value as Partial<MetricInputError> | null | undefined)?.code === 'NEM_METRIC_INPUT';
  }

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
