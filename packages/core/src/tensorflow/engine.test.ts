import { deriveKey } from '@nem/random';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, it } from 'vitest';
import type { EngineSpec } from '../model/engine/engine.js';
import { InputError } from '../model/engine/input-error.js';
import { NetworkError } from '../model/network/network-error.js';
import { createTensorFlowEngine } from './engine.js';

const spec: EngineSpec = {
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 3, activation: 'sigmoid' },
    output: [{ type: 'dense', size: 4, activation: 'sigmoid' }],
  },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 1, stepWeights: [1, 1], gammaGradient: false },
  image: [2, 2],
  components: 2,
  noise: { type: 'none' },
};
const batch = { frames: Float32Array.of(0, 1, 1, 0), batch: 1 };
const keys = (i: number) => ({ noise: deriveKey(0, 'noise', i), gamma: deriveKey(0, 'gamma', i) });
const make = () => createTensorFlowEngine(spec, deriveKey(0, 'parameters'));

beforeEach(async () => {
  tf.env().set('IS_TEST', true);
  await tf.setBackend('cpu');
});

it('has the name of the backend that is current, on which its calls run', async () => {
  tf.registerBackend('elsewhere', () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', 'elsewhere');
  const engine = make();
  expect(engine.name).toBe('cpu');
  const { loss } = await engine.infer(batch, keys(0));
  await tf.setBackend('elsewhere');
  expect(engine.name).toBe('elsewhere');
  expect((await engine.infer(batch, keys(0))).loss).toBe(loss);
  expect(createTensorFlowEngine(spec, deriveKey(0, 'parameters'), { name: 'mine' }).name).toBe('mine');
  await tf.setBackend('cpu');
  tf.removeBackend('elsewhere');
});

it('is not made without a backend, and starts the one that there is', () => {
  const factory = tf.findBackendFactory('cpu');
  tf.removeBackend('cpu');
  try {
    expect(make).toThrow(InputError);
    expect(make).toThrow(
      'TensorFlow.js has no backend that is ready: import one, such as @tensorflow/tfjs-backend-cpu',
    );
  } finally {
    tf.registerBackend('cpu', factory);
  }
  expect(make().name).toBe('cpu');
});

it('takes training steps one after the other, awaited or not', async () => {
  const [awaited, together] = [make(), make()];
  const losses: { loss: number }[] = [];
  for (const i of [0, 1, 2]) losses.push(await awaited.trainStep(batch, keys(i)));
  expect(await Promise.all([0, 1, 2].map((i) => together.trainStep(batch, keys(i))))).toEqual(losses);
  expect(await together.parameters()).toEqual(await awaited.parameters());
  expect(await together.optimizerState()).toEqual(await awaited.optimizerState());
});

it('refuses to write gradients where there is no room for them', async () => {
  const engine = make();
  const missing = engine.gradientsInto as (...args: unknown[]) => Promise<unknown>;
  await expect(missing(batch, keys(0))).rejects.toBeInstanceOf(NetworkError);
  const { 'recurrent.bias': _, ...fewer } = await engine.parameters();
  await expect(engine.gradientsInto(batch, keys(0), fewer)).rejects.toThrow('the parameter recurrent.bias is missing');
});

it('leaves no tensor behind where a step fails on its way back', async () => {
  const engine = make();
  const product = tf.getKernel('BatchMatMul', 'cpu');
  const before = tf.memory().numTensors;
  const { kernelFunc } = product;
  // A product with a transposed first factor is that of a gradient of weights: sums of biases are kept by then.
  product.kernelFunc = (args) => {
    if (args.attrs?.transposeA) throw new Error('out of memory');
    return kernelFunc(args);
  };
  try {
    await expect(engine.trainStep(batch, keys(0))).rejects.toThrow('out of memory');
  } finally {
    product.kernelFunc = kernelFunc;
  }
  expect(tf.memory().numTensors).toBe(before);
  expect((await engine.optimizerState()).updates).toBe(0);
  await engine.trainStep(batch, keys(0));
  expect(tf.memory().numTensors).toBe(before);
});
