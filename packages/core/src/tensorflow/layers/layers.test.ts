import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { stackShape } from '../../model/network/layer-shape.js';
import type { LayerSpec } from '../../model/network/layer-types.js';
import { GradientSums } from '../ops/gradient-sums.js';
import { rounded, valuesOf } from '../values.fixture.js';
import type { ParameterTensors } from './layer.js';
import { Recurrent } from './recurrent.js';
import { LayerStack } from './stack.js';

const LINEAR = { activation: 'linear' } as const;

/** What layers give for one sample. */
const output = (specs: LayerSpec[], x: number[], parameters: () => ParameterTensors = () => ({})) =>
  valuesOf(() => {
    const stack = new LayerStack(stackShape('input', specs, [x.length]));
    return stack.forward(tf.tensor2d(x, [1, x.length]), parameters()).y;
  });

it('a dense layer is x W + b', async () => {
  const parameters = () => ({
    'input.0.weights': tf.tensor2d([1, 10, 2, 20], [2, 2]),
    'input.0.bias': tf.tensor1d([0.5, -1]),
  });
  // 3 · 1 + 4 · 2 + 0.5 and 3 · 10 + 4 · 20 − 1.
  expect(await output([{ type: 'dense', size: 2, ...LINEAR }], [3, 4], parameters)).toEqual([11.5, 109]);
});

it('a layer norm gives mean 0 and variance 1, then gain and offset', async () => {
  const parameters = () => ({
    'input.0.weights': tf.tensor2d([1, 0, 0, 1], [2, 2]),
    'input.0.bias': tf.tensor1d([0, 0]),
    'input.0.gain': tf.tensor1d([2, 3]),
    'input.0.offset': tf.tensor1d([10, 20]),
  });
  // [4, 8] has mean 6 and deviation 2: it becomes [−1, 1].
  const spec: LayerSpec = { type: 'dense', size: 2, ...LINEAR, layerNorm: true };
  expect(await output([spec], [4, 8], parameters)).toEqual([8, 23]);
});

const IMAGE = [1, 2, 3, 4];
const kernel = (size: number, values: number[]) => () => ({
  'input.1.weights': tf.tensor4d(values, [size, size, 1, 1]),
  'input.1.bias': tf.tensor1d([0]),
});
const square: LayerSpec = { type: 'reshape', shape: [2, 2, 1] };

it('a convolution sums up the pixels under its kernel', async () => {
  const conv: LayerSpec = { type: 'conv', size: 1, kernel: 2, ...LINEAR };
  // A kernel of ones on [[1, 2], [3, 4]], with zeros behind the last row and column.
  expect(await output([square, conv], IMAGE, kernel(2, [1, 1, 1, 1]))).toEqual([10, 6, 7, 4]);
  expect(await output([square, { ...conv, stride: 2 }], IMAGE, kernel(2, [1, 1, 1, 1]))).toEqual([10]);
});

it('a resize-convolution enlarges by nearest neighbour first', async () => {
  const resize: LayerSpec = { type: 'resizeConv', size: 1, kernel: 1, scale: 2, ...LINEAR };
  const expected = [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4].map((pixel) => 10 * pixel);
  expect(await output([square, resize], IMAGE, kernel(1, [10]))).toEqual(expected);
});

it('inputNorm gives each sample mean 0 and variance 1', async () => {
  expect(await output([{ type: 'inputNorm' }], [1, 3, 3, 5])).toEqual(rounded(-Math.SQRT2, 0, 0, Math.SQRT2));
});

it('flatten gives back what reshape has shaped', async () => {
  expect(await output([square, { type: 'flatten' }], IMAGE)).toEqual(IMAGE);
});

it('the recurrent layer is sigmoid([x, h] W + b)', async () => {
  const spec = { size: 1, activation: 'sigmoid' } as const;
  const hidden = await valuesOf(() => {
    const recurrent = new Recurrent({ spec, inputSize: 1, parameters: [] });
    return recurrent.forward(tf.tensor2d([[2]]), tf.tensor2d([[0.5]]), {
      'recurrent.weights': tf.tensor2d([3, 4], [2, 1]),
      'recurrent.bias': tf.tensor1d([-8 - Math.log(3)]),
    }).hidden;
  });
  // 2 · 3 + 0.5 · 4 − 8 − log 3 = −log 3, whose sigmoid is 1 / (1 + 3).
  expect(hidden).toEqual([0.25]);
});

it('the gradient of a dense layer is xᵀ dy with respect to W and dy Wᵀ with respect to x', async () => {
  const sums = new GradientSums();
  const gradient = await valuesOf(() => {
    const stack = new LayerStack(stackShape('input', [{ type: 'dense', size: 1, ...LINEAR }], [2]));
    const parameters = { 'input.0.weights': tf.tensor2d([[5], [7]]), 'input.0.bias': tf.tensor1d([0]) };
    const result = stack.forward(tf.tensor2d([[2, 3]]), parameters);
    return stack.backward(tf.tensor2d([[10]]), result, parameters, sums);
  });
  expect(gradient).toEqual([50, 70]);
  expect([...(sums.get('input.0.weights')?.dataSync() ?? [])]).toEqual([20, 30]);
  expect([...(sums.get('input.0.bias')?.dataSync() ?? [])]).toEqual([10]);
  sums.dispose();
});
