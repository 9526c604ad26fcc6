import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, it } from 'vitest';
import { readInto } from './read-into.js';

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  it('copies: what comes later does not change it', async () => {
    await tf.setBackend(backend);
    const out = new Float32Array(4).subarray(1);
    const tensor = tf.tensor1d([1, 2, 3]);
    readInto(tensor, out);
    tensor.dispose();
    tf.tensor1d([7, 8, 9]).dispose();
    expect([...out]).toEqual([1, 2, 3]);
  });

  it('refuses too little room', async () => {
    await tf.setBackend(backend);
    expect(() => tf.tidy(() => readInto(tf.tensor1d([1, 2, 3]), new Float32Array(2)))).toThrow(RangeError);
  });
});
