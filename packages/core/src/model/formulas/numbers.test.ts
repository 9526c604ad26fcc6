import { expect, it } from 'vitest';
import { pixelDistribution } from '../mixture/distributions.js';
import { activationFunctions } from '../network/activation-functions.js';
import { activationNames } from '../network/activation-names.js';
import { numbers } from './numbers.js';

/** (f(x + h) − f(x − h)) / 2h. */
const difference = (f: (x: number) => number, x: number, h = 1e-5) => (f(x + h) - f(x - h)) / (2 * h);

it('gives the values of each activation that one can compute by hand', () => {
  const value = (name: (typeof activationNames)[number], x: number) => activationFunctions[name].value(numbers, x);
  expect(value('linear', -3)).toBe(-3);
  expect(value('sigmoid', 0)).toBe(0.5);
  expect(value('sigmoid', Math.log(3))).toBeCloseTo(3 / 4, 12);
  expect(value('tanh', Math.log(2))).toBeCloseTo(3 / 5, 12);
  expect([value('relu', -2), value('relu', 2)]).toEqual([0, 2]);
  expect([value('elu', -Math.log(2)), value('elu', 2)]).toEqual([-0.5, 2]);
});

it.each(activationNames)('the slope of %s is the difference quotient of its values', (name) => {
  const { value, slope } = activationFunctions[name];
  for (const x of [-2, -0.5, 0.3, 1.7]) {
    const expected = difference((at) => value(numbers, at), x);
    expect(slope ? slope(numbers, value(numbers, x)) : 1).toBeCloseTo(expected, 6);
  }
});

it('gives the Bernoulli values that one can compute by hand', () => {
  const d = pixelDistribution({ distribution: 'bernoulli' });
  expect([d.likelihood(numbers, 1, 0.75), d.likelihood(numbers, 0, 0.75)]).toEqual([0.75, 0.25]);
  expect(d.negativeLogLikelihood(numbers, 1, 0.25)).toBeCloseTo(Math.log(4), 12);
  expect(d.negativeLogLikelihood(numbers, 0, 0.25)).toBeCloseTo(Math.log(4 / 3), 12);
  // KL(Bernoulli(0) ‖ Bernoulli(ψ)) = −log(1 − ψ).
  expect(d.divergence(numbers, 0.5)).toBeCloseTo(Math.log(2), 12);
  // Where ψ is clipped, neither loss has a slope.
  expect(d.negativeLogLikelihoodSlope(numbers, 1, 0)).toBeCloseTo(0, 12);
  expect(d.divergenceSlope(numbers, 1)).toBeCloseTo(0, 12);
});

it('has no divergence where ψ is the prior', () => {
  expect(pixelDistribution({ distribution: 'bernoulli', prior: 0.3 }).divergence(numbers, 0.3)).toBeCloseTo(0, 12);
  expect(pixelDistribution({ distribution: 'gaussian', prior: 0.3 }).divergence(numbers, 0.3)).toBe(0);
});

it('gives the Gaussian values that one can compute by hand', () => {
  const d = pixelDistribution({ distribution: 'gaussian', sigma: 0.5 });
  expect(d.likelihood(numbers, 0.2, 0.2)).toBeCloseTo(2 / Math.sqrt(2 * Math.PI), 12);
  expect(d.likelihood(numbers, 1, 0.5)).toBeCloseTo((2 / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5), 12);
  // The losses have unit variance whatever σ is.
  expect([d.negativeLogLikelihood(numbers, 1, 0.5), d.divergence(numbers, 0.5)]).toEqual([0.125, 0.125]);
});

const mixtures = [
  { distribution: 'bernoulli', prior: 0 },
  { distribution: 'bernoulli', prior: 0.3 },
  { distribution: 'gaussian', sigma: 0.4, prior: 0.1 },
] as const;

it.each(mixtures)('the slopes of $distribution with prior $prior are difference quotients', (spec) => {
  const d = pixelDistribution(spec);
  for (const x of [0, 1, 0.4]) {
    for (const psi of [0.2, 0.6, 0.9]) {
      const slopeOf = (f: (psi: number) => number) => difference(f, psi);
      const likelihood = d.likelihood(numbers, x, psi);
      expect(d.likelihoodSlope(numbers, x, psi, likelihood)).toBeCloseTo(
        slopeOf((p) => d.likelihood(numbers, x, p)),
        5,
      );
      expect(d.negativeLogLikelihoodSlope(numbers, x, psi)).toBeCloseTo(
        slopeOf((p) => d.negativeLogLikelihood(numbers, x, p)),
        5,
      );
      expect(d.divergenceSlope(numbers, psi)).toBeCloseTo(
        slopeOf((p) => d.divergence(numbers, p)),
        5,
      );
    }
  }
});
