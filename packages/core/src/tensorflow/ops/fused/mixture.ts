import type { MixtureSpec } from '../../../model/mixture/distributions.js';
import { resolveMixture } from '../../../model/mixture/distributions.js';
import { mixture as compositeMixture } from '../composite/mixture.js';
import { KERNELS, runKernel } from '../kernels.js';
import { numbersOf } from '../numbers-of.js';
import type { Operations } from '../operations.js';

type Attributes = Readonly<Record<'bernoulli' | 'sigma' | 'prior' | 'logPrior' | 'logRest', number>>;

/** What the kernels are given for the distributions that they know. */
const attributesOf: Partial<Record<MixtureSpec['distribution'], (spec: Required<MixtureSpec>) => Attributes>> = {
  bernoulli: ({ sigma, prior }) => ({
    bernoulli: 1,
    sigma,
    prior,
    logPrior: prior > 0 ? Math.log(prior) : 0,
    logRest: Math.log(1 - prior),
  }),
  gaussian: ({ sigma, prior }) => ({ bernoulli: 0, sigma, prior, logPrior: 0, logRest: 0 }),
};

export const maskedDifference: Operations['maskedDifference'] = (x, psi, gamma) =>
  runKernel(KERNELS.maskedDifference, { x, psi, gamma });

/** A distribution that the kernels do not know takes the composite form. */
export const mixture: Operations['mixture'] = (spec) => {
  const resolved = resolveMixture(spec);
  const attributes = attributesOf[resolved.distribution]?.(resolved);
  if (!attributes) return compositeMixture(spec);
  return {
    assign: (x, psi) => runKernel(KERNELS.eStep, { x, psi }, attributes),
    losses(x, psi, gamma, batchSize) {
      const [intra, inter] = numbersOf(2, () => [runKernel(KERNELS.losses, { x, psi, gamma }, attributes)]);
      return { intra: intra / batchSize, inter: inter / batchSize };
    },
    upperLoss(x, psi, batchSize) {
      const [upper] = numbersOf(1, () => [runKernel(KERNELS.upperLoss, { x, psi }, attributes)]);
      return upper / batchSize;
    },
    predictionGradient: (x, psi, gamma, { weight, interWeight }, inputGradient) =>
      runKernel(KERNELS.predictionGradient, { x, psi, gamma, inputGradient }, { ...attributes, weight, interWeight }),
  };
};
