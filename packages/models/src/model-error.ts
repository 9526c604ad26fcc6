import { CodedError } from '@nem/core';

/** What cannot be loaded or grouped; the message is one sentence that names it, its value and what to give. */
export class ModelError extends CodedError {
  static override readonly code = 'NEM_MODEL';
  override readonly name = 'ModelError';
}
