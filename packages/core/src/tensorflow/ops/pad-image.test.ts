import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { valuesOf } from '../values.fixture.js';
import { negative, padImage } from './pad-image.js';

const image = () => tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);

it('adds zeros where an amount is positive and cuts where it is negative', async () => {
  const padding = { top: 1, bottom: -1, left: -1, right: 1 };
  // Of [[1, 2], [3, 4]] the second column's first row stays: zeros come above it and on its right.
  expect(await valuesOf(() => padImage(image(), padding))).toEqual([0, 0, 2, 0]);
});

it('is taken back by the negative padding', async () => {
  const padding = { top: 1, bottom: 2, left: 3, right: 0 };
  expect(await valuesOf(() => padImage(padImage(image(), padding), negative(padding)))).toEqual([1, 2, 3, 4]);
});
