import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { pixelDistribution } from '../../model/mixture/distributions.js';
import { rounded, valuesOf } from '../values.fixture.js';
import { eStep, eStepGradient } from './e-step.js';

const bernoulli = pixelDistribution({ distribution: 'bernoulli' });

/** [1, 2, 1]: one pixel, two components. */
const two = (a: number, b: number) => tf.tensor3d([a, b], [1, 2, 1]);

it('shares a pixel out by how likely each component makes it', async () => {
  // A lit pixel has the likelihoods 0.6 and 0.2; 1e-6 is added to each.
  const gamma = await valuesOf(() => eStep(bernoulli, two(1, 1), two(0.6, 0.2)).gamma);
  expect(gamma).toEqual(rounded(0.600001 / 0.800002, 0.200001 / 0.800002));
});

it('shares a pixel equally that no component explains', async () => {
  expect(await valuesOf(() => eStep(bernoulli, two(1, 1), two(0, 0)).gamma)).toEqual([0.5, 0.5]);
});

it('a Gaussian pixel goes to the nearer mean, more sharply the smaller σ', async () => {
  const share = (sigma: number) =>
    valuesOf(() => eStep(pixelDistribution({ distribution: 'gaussian', sigma }), two(1, 1), two(0.9, 0.7)).gamma);
  // The likelihoods' ratio is exp((0.3² − 0.1²) / 2σ²) = exp(0.04 / σ²).
  const [wide] = await share(1);
  expect(wide).toBeCloseTo(1 / (1 + Math.exp(-0.04)), 4);
  const [narrow] = await share(0.1);
  expect(narrow).toBeCloseTo(1 / (1 + Math.exp(-4)), 4);
});

it('the gradient through γ is its difference quotient', async () => {
  const gammaOfFirst = async (a: number) => (await gammas(a))[0] as number;
  const gammas = async (a: number) => {
    await tf.setBackend('cpu');
    return tf.tidy(() => [...eStep(bernoulli, two(1, 1), two(a, 0.2)).gamma.dataSync()]);
  };
  const [gradient] = await valuesOf(() => {
    const [x, psi] = [two(1, 1), two(0.6, 0.2)];
    return eStepGradient(bernoulli, x, psi, eStep(bernoulli, x, psi), two(1, 0));
  });
  const quotient = ((await gammaOfFirst(0.61)) - (await gammaOfFirst(0.59))) / 0.02;
  expect(gradient).toBeCloseTo(quotient, 3);
});
