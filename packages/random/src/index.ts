export {
  bernoulliThreshold,
  fillBernoulli,
  fillFlipped,
  fillIntegers,
  fillNormal,
  fillUint32,
  fillUniform,
} from './fill.js';
export { deriveKey, foldIn, type Key } from './key.js';
export { ERFINV_COEFFICIENTS } from './normal.js';
export { permutation, RandomStream } from './stream.js';
export { threefry2x32 } from './threefry.js';
