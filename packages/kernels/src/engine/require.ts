import { InputError, shownOrMissing } from '@nem/core';
import type { Kernels } from '../kernels.js';

/** @throws InputError for what is not kernels, such as the result of `loadNative`, which has them in a field */
export function requireKernels(kernels: Kernels): void {
  if (typeof kernels?.createArena === 'function' && Array.isArray(kernels.precisions)) return;
  throw new InputError(
    `the kernels are ${shownOrMissing(kernels)}: give those of loadWasm(), or the field kernels of loadNative().`,
  );
}
