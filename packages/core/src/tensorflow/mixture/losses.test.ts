import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { pixelDistribution } from '../../model/mixture/distributions.js';
import { rounded, valuesOf } from '../values.fixture.js';
import { stepLosses, stepLossGradient, upperBoundLoss } from './losses.js';

const bernoulli = pixelDistribution({ distribution: 'bernoulli' });
const gaussian = pixelDistribution({ distribution: 'gaussian' });
const two = (a: number, b: number) => tf.tensor3d([a, b], [1, 2, 1]);

it('the intra-cluster loss is Σ γ · NLL and the inter-cluster loss Σ (1 − γ) · KL, for binary pixels', async () => {
  const losses = await valuesOf(() => {
    const { intra, inter } = stepLosses(bernoulli, two(1, 1), two(0.5, 0.25), two(0.75, 0.25), 1);
    return tf.stack([intra, inter]);
  });
  // NLL: log 2 and log 4. KL from a prior of 0: −log(1 − ψ) = log 2 and log 4/3.
  const intra = 0.75 * Math.log(2) + 0.25 * Math.log(4);
  const inter = 0.25 * Math.log(2) + 0.75 * Math.log(4 / 3);
  expect(losses).toEqual(rounded(intra, inter));
});

it('for grey pixels both have unit variance, and both are divided by the size of the batch', async () => {
  const losses = await valuesOf(() => {
    const { intra, inter } = stepLosses(gaussian, two(1, 1), two(0.5, 0), two(1, 0), 2);
    return tf.stack([intra, inter]);
  });
  // γ = 1: (0.5 − 1)² / 2 = 0.125; γ = 0: 0² / 2. Halved.
  expect(losses).toEqual([0.0625, 0]);
});

it('the loss that may be compared across K is that of the largest ψ', async () => {
  const upper = await valuesOf(() => upperBoundLoss(bernoulli, tf.tensor2d([[1]]), two(0.5, 0.25), 1));
  expect(upper).toEqual(rounded(Math.log(2)));
});

it('the gradient with respect to ψ holds γ', async () => {
  const gradient = await valuesOf(() =>
    stepLossGradient(gaussian, two(1, 1), two(0.5, 0.2), two(0.75, 0.25), { weight: 2, interWeight: 0.5 }),
  );
  // weight · (γ (ψ − x) + λ (1 − γ) ψ).
  expect(gradient).toEqual(rounded(2 * (0.75 * -0.5 + 0.5 * 0.25 * 0.5), 2 * (0.25 * -0.8 + 0.5 * 0.75 * 0.2)));
});
