import { setImmediate as turn } from 'node:timers/promises';
import { option, UsageError } from '../errors.js';

/**
 * An `AbortSignal` as the user's own types have it, those of the DOM or of Node. A program that has neither may still be checked
 * against ours: there it is what we use of one.
 */
export type Abort = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean; throwIfAborted(): void };

/** @throws UsageError for what is no signal, such as the controller that has it */
export function requireSignal(signal: unknown): void {
  const { aborted, throwIfAborted } = Object(signal) as Partial<AbortSignal>;
  if (signal === undefined || (typeof aborted === 'boolean' && typeof throwIfAborted === 'function')) return;
  throw new UsageError([option('signal'), ` is ${String(signal)}`], 'give the signal of an AbortController.');
}

/** Lets in what would abort, which a computation on this thread keeps out; throws the signal's reason where it has. */
export const pauseFor = (signal: Abort | undefined) => async (): Promise<void> => {
  await turn();
  signal?.throwIfAborted();
};
