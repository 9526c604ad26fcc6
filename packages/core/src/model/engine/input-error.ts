import { CodedError } from '../coded-error.js';

/** What an engine is given and cannot take, or a call after its end; the message names it, its value and what to give. */
export class InputError extends CodedError {
  static override readonly code: string = 'NEM_INPUT';
  override readonly name: string = 'InputError';
}

/** A call of an engine after its `dispose()`. */
export class DisposedError extends InputError {
  static override readonly code = 'NEM_INPUT_DISPOSED';
  override readonly name = 'DisposedError';
}
