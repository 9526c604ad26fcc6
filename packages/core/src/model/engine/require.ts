import type { Key } from '@nem/random';
import { shownOrMissing } from '../shown.js';
import { InputError } from './input-error.js';

/** Whether a value is a key: two words of 32 bits, which is what `@nem/random` takes. */
export const isKey = (value: unknown): value is Key =>
  Array.isArray(value) &&
  value.length === 2 &&
  Array.from(value).every((word) => typeof word === 'number' && word >>> 0 === word);

/** @throws InputError for what is not the key of an engine's first parameters */
export function requireKey(key: unknown): void {
  if (isKey(key)) return;
  throw new InputError(`the key is ${shownOrMissing(key)}: give one of deriveKey(seed, 'parameters').`);
}

/**
 * @param what names the value in the message, e.g. `the batch`
 * @throws InputError for what is not an integer of at least 1
 */
export function requireCount(what: string, count: unknown): void {
  if (Number.isSafeInteger(count) && (count as number) >= 1) return;
  throw new InputError(`${what} is ${shownOrMissing(count)}: give an integer of at least 1.`);
}

/**
 * @param what names the value in the message, e.g. `still`
 * @throws InputError for what is not a boolean
 */
export function requireFlag(what: string, flag: unknown): void {
  if (typeof flag === 'boolean') return;
  throw new InputError(`${what} is ${shownOrMissing(flag)}: give true or false.`);
}
