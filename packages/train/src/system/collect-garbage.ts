import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Lets this thread, and worker threads that are started from now on, collect their garbage. Call it before they are: V8's flags are
 * the whole process's.
 */
export function allowCollection(): void {
  if (!collect) setFlagsFromString('--expose-gc');
  collect ??= runInNewContext('gc') as () => void;
}

/**
 * Frees what this thread no longer uses, in some 10 to 20 ms. V8 does so by itself, but late: the garbage of training is little for
 * each update, so that memory would creep up over thousands of them. Does nothing where {@link allowCollection} was not called.
 */
export function collectGarbage(): void {
  (collect ?? globalThis.gc)?.();
}
