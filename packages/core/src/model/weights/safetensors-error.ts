import { CodedError } from '../coded-error.js';

/**
 * Thrown for bytes that are not a valid safetensors file and for arrays that cannot be written as one. The message is one
 * sentence that says what is wrong, with the value, and what mends it.
 */
export class SafetensorsError extends CodedError {
  static override readonly code = 'NEM_SAFETENSORS';
  override readonly name = 'SafetensorsError';
}

/** A name as it appears in a message: in double quotes, escaped, cut after 60 characters. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
