export { type Digits, digitsFromIdx } from './digits.js';
export { type FlyingMnistOptions, flyingMnist, type StaticMnistOptions, staticMnist } from './flying-mnist.js';
export { type IdxArray, parseIdx, readIdx } from './idx.js';
