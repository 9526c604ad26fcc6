import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { pixelDistribution } from '../../model/mixture/distributions.js';
import { rounded, valuesOf } from '../values.fixture.js';
import { createCell } from './create-cell.js';
import { inferSequence, type StepState, type Unrolling } from './sequence.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** N-EM with one pixel and one hidden unit, W = 2 and η = 0.5, small enough to follow by hand. */
const unrolling = (components: number, steps: number): Unrolling => ({
  cell: createCell({ type: 'n-em', size: 1 }, 1),
  parameters: { 'nem.weights': tf.tensor2d([[2]]), 'nem.step': tf.tensor1d([0.5]) },
  distribution: pixelDistribution({ distribution: 'bernoulli' }),
  objective: { interWeight: 1, stepWeights: new Array<number>(steps).fill(1), gammaGradient: false },
  components,
  initialPrediction: 0,
  batchSize: 1,
});

/** One quantity of every step for a pixel that is 1 throughout, [steps · values]. */
const ofEveryStep = (components: number, steps: number, gamma0: number[], pick: (state: StepState) => tf.Tensor) =>
  valuesOf(() => {
    const frames = { target: () => tf.tensor2d([[1]]), corrupted: () => tf.tensor2d([[1]]) };
    const values: number[] = [];
    const gamma = tf.tensor3d(gamma0, [1, components, 1]);
    inferSequence(unrolling(components, steps), frames, gamma, (_, state) => {
      values.push(...pick(state).dataSync());
    });
    return tf.tensor1d(values);
  });

it('takes N-EM’s steps: θ + η · s (1 − s) · (γ (x − ψ)) W', async () => {
  // Start: θ = 0, s = 0.5, ψ = 0. Step 1: θ = 0 + 0.5 · 0.25 · (1 · (1 − 0)) · 2.
  const theta1 = 0.25;
  const psi1 = sigmoid(2 * sigmoid(theta1));
  const s1 = sigmoid(theta1);
  const theta2 = theta1 + 0.5 * s1 * (1 - s1) * (1 - psi1) * 2;
  expect(await ofEveryStep(1, 2, [1], ({ hidden }) => hidden)).toEqual(rounded(theta1, theta2));
  expect(await ofEveryStep(1, 2, [1], ({ psi }) => psi)).toEqual(rounded(psi1, sigmoid(2 * sigmoid(theta2))));
});

it('masks each component’s input with its γ, and assigns pixels anew after the step', async () => {
  const psi = (gamma: number) => sigmoid(2 * sigmoid(0.5 * 0.25 * gamma * 2));
  const [first, second] = [psi(0.9), psi(0.1)];
  const total = first + second + 2e-6;
  expect(await ofEveryStep(2, 1, [0.9, 0.1], (state) => state.psi)).toEqual(rounded(first, second));
  expect(await ofEveryStep(2, 1, [0.9, 0.1], (state) => state.gamma)).toEqual(
    rounded((first + 1e-6) / total, (second + 1e-6) / total),
  );
});

it('with one component γ is 1 throughout: a recurrent autoencoder', async () => {
  expect(await ofEveryStep(1, 3, [1], ({ gamma }) => gamma)).toEqual([1, 1, 1]);
});
