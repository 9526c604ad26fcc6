import { networkShape } from '@nem/core';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { encode } from '../instructions/instruction.js';
import { eStep } from '../instructions/mixture.js';
import { KernelsError } from '../kernels-error.js';
import { lowerTraining } from './lower/training.js';
import { small } from './networks.fixture.js';

const spec = small({
  network: {
    type: 'rnn-em',
    input: [
      { type: 'inputNorm' },
      { type: 'reshape', shape: [5, 6, 1] },
      { type: 'conv', size: 3, kernel: 3, activation: 'elu', layerNorm: true },
      { type: 'flatten' },
    ],
    recurrent: { size: 12, activation: 'sigmoid', layerNorm: true },
    output: [
      { type: 'reshape', shape: [2, 2, 3] },
      { type: 'resizeConv', size: 2, kernel: 2, scale: 2, activation: 'relu', layerNorm: true },
      { type: 'flatten' },
      { type: 'dense', size: 30, activation: 'sigmoid' },
    ],
  },
});

describe.each(allKernels)('%s', (_, kernels) => {
  const lowered = lowerTraining({
    kernels,
    precision: 'float32',
    spec,
    shape: networkShape(spec.network, 30),
    batch: 2,
    batchSize: 2,
    still: false,
  });
  const program = Int32Array.from(lowered.instructions.flat());

  it('runs within its arena and not within a smaller one', () => {
    kernels.createArena(lowered.floats, [program]).run(0);
    expect(() => kernels.createArena(lowered.floats / 2, [program])).toThrow(KernelsError);
  });

  it('refuses a program with an address or a size beyond the arena', () => {
    let refused = 0;
    for (const words of lowered.instructions) {
      for (let i = 2; i < words.length; i++) {
        for (const value of [2 ** 31 - 1, -(2 ** 31)]) {
          const damaged = Int32Array.from(words);
          damaged[i] = value;
          try {
            // What is taken runs without harm: a flag or a number that is no size.
            kernels.createArena(lowered.floats, [damaged]).run(0);
          } catch (error) {
            expect(error).toBeInstanceOf(KernelsError);
            refused++;
          }
        }
      }
    }
    expect(refused).toBeGreaterThan(lowered.instructions.length);
  });
});

it('refuses an array that is too short when an instruction is made', () => {
  const view = { at: 0, length: 8 };
  const mixture = { gaussian: 0, sigma: 1, prior: 0, logPrior: 0, logRest: 0 };
  const none = { losses: undefined, upper: 0, noisy: undefined, input: undefined };
  const make = () =>
    encode(eStep, { batch: 1, components: 2, pixels: 5, ...mixture, x: view, psi: view, gamma: view, ...none });
  expect(make).toThrow('E-step takes 10 floats of psi, which has 8.');
});
