import type * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { shape1, shape2, shape3 } from './shapes.js';

const tensor = (...shape: number[]): tf.TensorInfo => ({ dataId: {}, shape, dtype: 'float32' });

it('gives the sizes of a tensor with that many axes', () => {
  expect(shape1(tensor(4))).toEqual([4]);
  expect(shape2(tensor(4, 5))).toEqual([4, 5]);
  expect(shape3(tensor(4, 5, 6))).toEqual([4, 5, 6]);
});

it('refuses any other number of axes with the shape it was given', () => {
  expect(() => shape1(tensor())).toThrow(RangeError);
  expect(() => shape2(tensor(4, 5, 6))).toThrow("a kernel's input is [4, 5, 6]: give it a shape of 2 axes.");
  expect(() => shape3(tensor(4, 5))).toThrow('3 axes');
});
