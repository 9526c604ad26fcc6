import { CLIPPING_EPSILON as EPSILON } from '../epsilons.js';
import type { Algebra } from '../formulas/algebra.js';
import { kind, positive } from '../spec-check.js';
import type { DistributionType, PixelDistribution } from './pixel-distribution.js';

const clip = <T>(a: Algebra<T>, psi: T): T => a.clip(psi, EPSILON, 1 - EPSILON);

/** 1 where ψ is inside the clipping range and a logarithm has a gradient, else 0. */
const inside = <T>(a: Algebra<T>, psi: T): T => a.within(psi, EPSILON, 1 - EPSILON);

/** p log(p / q) for a constant p above 0: the caller leaves the term out where p is 0, as 0 log 0 would be NaN. */
const crossTerm = <T>(a: Algebra<T>, p: number, q: T): T => a.mul(a.sub(Math.log(p), a.log(q)), p);

/** (p − target) / (p (1 − p)), the slope of the cross entropy of a clipped ψ. */
function slope<T>(a: Algebra<T>, psi: T, target: T | number): T {
  const p = clip(a, psi);
  return a.mul(a.div(a.sub(p, target), a.mul(p, a.sub(1, p))), inside(a, psi));
}

/** @param prior probability of a 1 under the prior, in [0, 1) */
const formulas = (prior: number): PixelDistribution => ({
  likelihood: (a, x, psi) => a.add(a.mul(a.sub(a.mul(x, 2), 1), psi), a.sub(1, x)),
  likelihoodSlope: (a, x) => a.sub(a.mul(x, 2), 1),
  negativeLogLikelihood(a, x, psi) {
    const p = clip(a, psi);
    return a.neg(a.add(a.mul(x, a.log(p)), a.mul(a.sub(1, x), a.log(a.sub(1, p)))));
  },
  negativeLogLikelihoodSlope: (a, x, psi) => slope(a, psi, x),
  divergence(a, psi) {
    const p = clip(a, psi);
    const off = crossTerm(a, 1 - prior, a.sub(1, p));
    return prior === 0 ? off : a.add(off, crossTerm(a, prior, p));
  },
  divergenceSlope: (a, psi) => slope(a, psi, prior),
});

/**
 * Binary pixels: P(x | ψ) = xψ + (1 − x)(1 − ψ), cross entropy, and the divergence from a Bernoulli prior
 * (method, sections 1 and 3).
 */
export const bernoulli: DistributionType = {
  isBinary: true,
  parameters: {
    sigma: positive,
    prior: kind(
      'give a probability of at least 0 and below 1.',
      (value) => typeof value === 'number' && value >= 0 && value < 1,
    ),
  },
  formulas: ({ prior }) => formulas(prior),
};
