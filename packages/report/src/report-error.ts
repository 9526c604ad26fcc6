/** Thrown for data that no report can be drawn from. The message is one sentence: the input, its value, the remedy. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}
