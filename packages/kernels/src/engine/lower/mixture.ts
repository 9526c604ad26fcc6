import { isBinary, type MixtureSpec, resolveMixture } from '@nem/core';

/** The numbers of the distributions in `c/pixel.h`. */
const GAUSSIAN: Readonly<Record<MixtureSpec['distribution'], number>> = { bernoulli: 0, gaussian: 1 };

/** A mixture as an instruction's fields. */
export function mixtureFields(spec: MixtureSpec) {
  const { distribution, sigma, prior } = resolveMixture(spec);
  const isProbability = isBinary(spec);
  return {
    gaussian: GAUSSIAN[distribution],
    sigma,
    prior,
    logPrior: isProbability && prior > 0 ? Math.log(prior) : 0,
    logRest: isProbability ? Math.log(1 - prior) : 0,
  };
}
