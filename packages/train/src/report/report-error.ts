import { CodedError } from '@nem/core';

/** Thrown for data that no report can be drawn from. The message is one sentence: the input, its value, the remedy. */
export class ReportError extends CodedError {
  static override readonly code = 'NEM_REPORT';
  override readonly name = 'ReportError';
}
