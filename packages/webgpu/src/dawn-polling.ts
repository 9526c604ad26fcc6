/** Milliseconds between two of Dawn's checks for a result. A step on a GPU takes several, and the next one is queued meanwhile. */
const PAUSE = 1;

/** What is used of Node's global functions; a browser has no `setImmediate`. */
interface Timers {
  setImmediate?: (callback: (...args: unknown[]) => void, ...args: unknown[]) => unknown;
}

/** Whether a native addon made the function: a bound one has a name, and a promise's `resolve` has no prototype. */
const isOfAnAddon = (callback: unknown): boolean =>
  typeof callback === 'function' &&
  callback.name === '' &&
  'prototype' in callback &&
  Function.prototype.toString.call(callback).includes('[native code]');

let paused = false;

/**
 * Lets Dawn under Node (the npm package `webgpu`) wait without keeping a core busy. As long as anything is awaited of it, Dawn asks the
 * driver in every turn of Node's event loop whether it has come, by the global `setImmediate`
 * ([dawn-gpu/node-webgpu#17](https://github.com/dawn-gpu/node-webgpu/issues/17)). After this call it asks once a millisecond, so a
 * result may arrive a millisecond later: the global `setImmediate` is replaced by one that lets functions of native addons wait, and hands
 * on all others. Further calls, and calls in a browser, change nothing.
 */
export function pauseDawnPolling(): void {
  const timers = globalThis as Timers;
  const { setImmediate } = timers;
  if (paused || !setImmediate) return;
  paused = true;
  const patient: typeof setImmediate = (callback, ...args) =>
    isOfAnAddon(callback) ? setTimeout(callback, PAUSE, ...args) : setImmediate(callback, ...args);
  // Node's own has a form for promises as a property, which `promisify` takes.
  timers.setImmediate = Object.assign(patient, setImmediate);
}
