import { InputError } from '@nem/core';
import type { Key } from '@nem/random';
import type { Kernels } from '../kernels.js';
import { shown } from '../shown.js';

/** @throws InputError for what is not kernels, such as the result of `loadNative`, which has them in a field */
export function requireKernels(kernels: Kernels): void {
  if (typeof kernels?.createArena === 'function' && Array.isArray(kernels.precisions)) return;
  throw new InputError(
    `the kernels are ${shown(kernels)}: give those of loadWasm(), or the field kernels of loadNative().`,
  );
}

/** @throws InputError for what is not a key */
export function requireKey(key: Key): void {
  if (Array.isArray(key) && key.length === 2 && key.every((word) => word >>> 0 === word)) return;
  throw new InputError(`the key is ${shown(key)}: give one of deriveKey(seed, 'parameters').`);
}

/**
 * @param what e.g. `the batch`
 * @throws InputError for what is not a number of samples
 */
export function requireCount(what: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new InputError(`${what} is ${shown(count)}: give an integer of at least 1.`);
}

/**
 * @param what e.g. `still`
 * @throws InputError for what is not a boolean
 */
export function requireFlag(what: string, flag: boolean): void {
  if (typeof flag === 'boolean') return;
  throw new InputError(`${what} is ${shown(flag)}: give true or false.`);
}
