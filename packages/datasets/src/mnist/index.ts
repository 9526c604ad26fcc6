export * from './browser.js';
export { type DownloadOptions, downloadMnist, MNIST_MIRRORS } from './download.js';
export { cacheFolder, defaultCache, type LoadDigitsOptions, loadDigits, MNIST_BYTES } from './load-digits.js';
