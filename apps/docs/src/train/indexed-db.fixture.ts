import { type Mock, vi } from 'vitest';

/**
 * A browser's storage with one value, whose requests succeed.
 * @param end how its transactions end after that: a full disk undoes them
 */
export function storageThat(end: 'complete' | 'abort', value?: unknown): { readonly close: Mock } {
  const close = vi.fn();
  const transaction = () => {
    const made = { error: new Error('QuotaExceededError'), oncomplete() {}, onabort() {}, objectStore: () => store };
    const succeed = (result: unknown) => {
      const request = { result, onsuccess() {} };
      queueMicrotask(() => {
        request.onsuccess();
        queueMicrotask(() => (end === 'complete' ? made.oncomplete() : made.onabort()));
      });
      return request;
    };
    const store = { get: () => succeed(value), put: () => succeed('key'), delete: () => succeed(undefined) };
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
