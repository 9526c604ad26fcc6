import { type Mock, vi } from 'vitest';

/**
 * A browser's storage for one value, empty at first, whose requests succeed.
 * @param end how its transactions end after that: a full disk undoes them
 */
export function storageThat(end: 'complete' | 'abort'): { readonly close: Mock } {
  const close = vi.fn();
  let kept: unknown;
  let last = Promise.resolve();
  const transaction = () => {
    const made = { error: new Error('QuotaExceededError'), oncomplete() {}, onabort() {}, objectStore: () => store };
    // One transaction after the other.
    const turn = last;
    let finished = () => {};
    last = new Promise((resolve) => {
      finished = resolve;
    });
    let pending = 0;
    const finish = () => {
      if (end === 'abort') made.onabort();
      else made.oncomplete();
      finished();
    };
    const succeed = (work: () => unknown) => {
      const request = { result: undefined as unknown, onsuccess() {} };
      pending++;
      void turn.then(() => {
        request.result = work();
        request.onsuccess();
        if (--pending === 0) queueMicrotask(finish);
      });
      return request;
    };
    const set = (next: unknown) => {
      if (end === 'complete') kept = next;
    };
    const store = {
      get: () => succeed(() => kept),
      put: (next: unknown) => succeed(() => set(next)),
      delete: () => succeed(() => set(undefined)),
    };
    return made;
  };
  const open = () => {
    const opening = { result: { transaction, close }, onsuccess() {} };
    queueMicrotask(() => opening.onsuccess());
    return opening;
  };
  vi.stubGlobal('indexedDB', { open });
  return { close };
}
