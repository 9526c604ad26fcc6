/** Thrown for data that no report can be drawn from. The message is one sentence: the input, its value, the remedy. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  /** The same text in every copy of the package, by `import` or by `require`; `instanceof` goes by it. */
  readonly code = 'NEM_REPORT';

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a caller's own subclass has no code and is told by its class.
    if (this !== ReportError) return super[Symbol.hasInstance](value);
    return (value as Partial<ReportError> | null | undefined)?.code === 'NEM_REPORT';
  }
}
