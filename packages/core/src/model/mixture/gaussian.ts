import { finite, positive } from '../spec-check.js';
import type { DistributionType, PixelDistribution } from './pixel-distribution.js';

/**
 * @param sigma standard deviation in the E-step, above 0
 * @param prior mean of the prior
 */
function formulas(sigma: number, prior: number): PixelDistribution {
  const scale = 1 / (sigma * Math.sqrt(2 * Math.PI));
  return {
    likelihood: (a, x, psi) => a.mul(a.exp(a.mul(a.square(a.sub(x, psi)), -1 / (2 * sigma * sigma))), scale),
    likelihoodSlope: (a, x, psi, likelihood) => a.mul(a.mul(a.sub(x, psi), likelihood), 1 / (sigma * sigma)),
    negativeLogLikelihood: (a, x, psi) => a.mul(a.square(a.sub(psi, x)), 0.5),
    negativeLogLikelihoodSlope: (a, x, psi) => a.sub(psi, x),
    divergence: (a, psi) => a.mul(a.square(a.sub(psi, prior)), 0.5),
    divergenceSlope: (a, psi) => a.sub(psi, prior),
  };
}

/** Grey pixels: N(x; ψ, σ) in the E-step, unit variance in the losses (method, sections 1 and 3). */
export const gaussian: DistributionType = {
  isBinary: false,
  parameters: { sigma: positive, prior: finite },
  formulas: ({ sigma, prior }) => formulas(sigma, prior),
};
