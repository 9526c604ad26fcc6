import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { GradientSums } from './gradient-sums.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('sums by name, outlives the caller’s scope, and leaves no tensor once it is disposed of', () => {
  const before = tf.memory().numTensors;
  const sums = new GradientSums();
  for (const value of [1, 20, 300]) tf.tidy(() => sums.add('w', tf.tensor1d([value, -value])));
  expect([...(sums.get('w')?.dataSync() ?? [])]).toEqual([321, -321]);
  expect(sums.get('b')).toBeUndefined();
  sums.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
