// `@nem/datasets/mnist` in browsers: the names of the sub-path, all of them, so that what type-checks can be bundled.
import { nodeOnly } from '../node-only.js';
import type * as node from './index.js';

export { type Digits, digitsFromIdx } from './digits.js';
export { type FlyingMnistOptions, flyingMnist, type StaticMnistOptions, staticMnist } from './flying-mnist.js';
export { type IdxArray, parseIdx, readIdx } from './idx.js';
export type { DownloadOptions, LoadDigitsOptions } from './index.js';
export { MNIST_BYTES, MNIST_MIRRORS } from './remote-files.js';

const REMEDY = 'fetch the four IDX files, read them by readIdx and give them to digitsFromIdx';

export const loadDigits: typeof node.loadDigits = nodeOnly('loadDigits', REMEDY);
export const downloadMnist: typeof node.downloadMnist = nodeOnly('downloadMnist', REMEDY);

/** Browsers have no folder for it. */
export const cacheFolder: typeof node.cacheFolder = () => undefined;
export const defaultCache: typeof node.defaultCache = () => undefined;
