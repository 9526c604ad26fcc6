import { expect, it } from 'vitest';
import { distributionNames, mixtureFault, resolveMixture } from './distributions.js';
import type { MixtureSpec } from './spec.js';

it.each(distributionNames)('%s has defaults, and refuses an unknown field', (distribution) => {
  expect(resolveMixture({ distribution })).toEqual({ distribution, sigma: 0.25, prior: 0 });
  const misspelt = { distribution, prier: 0.5 } as MixtureSpec;
  expect(() => resolveMixture(misspelt)).toThrow(
    new RangeError(
      "the mixture has the unknown field 'prier': remove it; the known fields are distribution, sigma, prior.",
    ),
  );
});

it.each<[unknown, string]>([
  [
    { distribution: 'bernoulli', prior: 2 },
    'the prior of the mixture is 2: give a probability of at least 0 and below 1.',
  ],
  [
    { distribution: 'bernoulli', prior: 1 },
    'the prior of the mixture is 1: give a probability of at least 0 and below 1.',
  ],
  [{ distribution: 'gaussian', prior: Number.NaN }, 'the prior of the mixture is NaN: give a finite number.'],
  [{ distribution: 'gaussian', sigma: '1' }, "the sigma of the mixture is '1': give a number above 0."],
  [{ distribution: 'laplace' }, "unknown distribution 'laplace': use 'bernoulli' or 'gaussian'."],
  [{}, "the distribution of the mixture is missing: use 'bernoulli' or 'gaussian'."],
  [undefined, 'the mixture is missing: give an object with the fields distribution, sigma, prior.'],
])('%j: %s', (mixture, sentence) => {
  expect(() => resolveMixture(mixture as MixtureSpec)).toThrow(new RangeError(sentence));
  expect(mixtureFault(mixture)).toBeDefined();
});
