export { type Digits, digitsFromIdx } from './digits.js';
export { type DownloadOptions, downloadMnist } from './download.js';
export { type FlyingMnistOptions, flyingMnist, type StaticMnistOptions, staticMnist } from './flying-mnist.js';
export { type IdxArray, parseIdx, readIdx } from './idx.js';
export { cacheFolder, defaultCache, type LoadDigitsOptions, loadDigits } from './load-digits.js';
export { MNIST_BYTES, MNIST_MIRRORS } from './remote-files.js';
