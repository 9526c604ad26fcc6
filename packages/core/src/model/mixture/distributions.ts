import { bernoulli } from './bernoulli.js';
import { gaussian } from './gaussian.js';
import type { DistributionType, PixelDistribution } from './pixel-distribution.js';
import type { MixtureSpec } from './spec.js';

/** Every distribution that a pixel can have. */
const distributions: Readonly<Record<MixtureSpec['distribution'], DistributionType>> = { bernoulli, gaussian };

/**
 * `spec` with its defaults.
 * @throws RangeError for an unknown distribution, a σ that is not positive or a prior out of range
 */
export function resolveMixture(spec: MixtureSpec): Required<MixtureSpec> {
  const { distribution, sigma = 0.25, prior = 0 } = spec;
  if (!Object.hasOwn(distributions, distribution)) {
    const known = Object.keys(distributions).map((name) => `'${name}'`);
    throw new RangeError(`unknown distribution '${String(distribution)}': use ${known.join(' or ')}.`);
  }
  const resolved = { distribution, sigma, prior };
  distributions[distribution].check(resolved);
  return resolved;
}

/**
 * The formulas of the distribution that `spec` names.
 * @throws RangeError for an unknown distribution, a σ that is not positive or a prior out of range
 */
export function pixelDistribution(spec: MixtureSpec): PixelDistribution {
  const resolved = resolveMixture(spec);
  return distributions[resolved.distribution].formulas(resolved);
}
