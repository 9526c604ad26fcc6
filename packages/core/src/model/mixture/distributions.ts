import { shown } from '../shown.js';
import { type Check, faultSentence, kind, object, optional, type SpecFault } from '../spec-check.js';
import { bernoulli } from './bernoulli.js';
import { gaussian } from './gaussian.js';
import type { DistributionType, MixtureParameters, PixelDistribution } from './pixel-distribution.js';

/** Every distribution that a pixel can have. */
const distributions = { bernoulli, gaussian } as const satisfies Record<string, DistributionType>;

type Distribution = keyof typeof distributions;

/** A mixture as data. Default of σ: 0.25, of the prior: 0. */
export interface MixtureSpec extends Partial<MixtureParameters> {
  /** Names the distribution of a pixel. */
  readonly distribution: Distribution;
}

const isDistribution = (value: unknown): value is Distribution =>
  typeof value === 'string' && Object.hasOwn(distributions, value);

/** Whether the pixels of a mixture are 0 or 1, and ψ the probability of a 1. False for an unknown distribution. */
export const isBinary = ({ distribution: name }: Pick<MixtureSpec, 'distribution'>): boolean =>
  isDistribution(name) && distributions[name].isBinary;

/** Names of all distributions. */
export const distributionNames = Object.keys(distributions) as readonly Distribution[];

const distribution = kind(`use ${distributionNames.map((name) => `'${name}'`).join(' or ')}.`, isDistribution);

/** Of an unknown distribution nothing is known of its parameters. */
const anything: Check = () => undefined;

/** The first invalid field of a mixture; undefined if all are valid. */
export function mixtureFault(mixture: unknown): SpecFault | undefined {
  const named = (mixture as Partial<MixtureSpec> | null | undefined)?.distribution;
  const { sigma, prior } = isDistribution(named)
    ? distributions[named].parameters
    : { sigma: anything, prior: anything };
  return object({ distribution, sigma: optional(sigma), prior: optional(prior) })(mixture);
}

/**
 * `spec` with its defaults.
 * @throws RangeError for an unknown distribution or field, or a parameter that the distribution cannot have
 */
export function resolveMixture(spec: MixtureSpec): Required<MixtureSpec> {
  const fault = mixtureFault(spec);
  if (fault?.path[0] === 'distribution' && typeof fault.value === 'string') {
    throw new RangeError(`unknown distribution ${shown(fault.value)}: ${fault.remedy}`);
  }
  if (fault) throw new RangeError(faultSentence(fault, 'the mixture'));
  const { distribution: name, sigma = 0.25, prior = 0 } = spec;
  return { distribution: name, sigma, prior };
}

/**
 * The formulas of the distribution that `spec` names.
 * @throws RangeError for an unknown distribution or field, or a parameter that the distribution cannot have
 */
export function pixelDistribution(spec: MixtureSpec): PixelDistribution {
  const resolved = resolveMixture(spec);
  return distributions[resolved.distribution].formulas(resolved);
}
