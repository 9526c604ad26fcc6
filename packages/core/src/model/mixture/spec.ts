/** A mixture as data; `distribution` names the pixels' distribution. */
export interface MixtureSpec {
  readonly distribution: 'bernoulli' | 'gaussian';
  /** Standard deviation of a Gaussian pixel in the E-step, where it acts as a temperature. Default 0.25. */
  readonly sigma?: number;
  /** Parameter of the prior: probability of a 1 (Bernoulli), or mean (Gaussian). Default 0. */
  readonly prior?: number;
}

/**
 * `spec` with its defaults.
 * @throws RangeError for an unknown distribution, a σ that is not positive or a prior out of range
 */
export function resolveMixture(spec: MixtureSpec): Required<MixtureSpec> {
  const { distribution, sigma = 0.25, prior = 0 } = spec;
  if (distribution !== 'bernoulli' && distribution !== 'gaussian') {
    throw new RangeError(`unknown distribution '${String(distribution)}': use 'bernoulli' or 'gaussian'.`);
  }
  if (distribution === 'bernoulli' && !(prior >= 0 && prior < 1)) {
    throw new RangeError(`the Bernoulli prior is ${prior}: give a probability of at least 0 and below 1.`);
  }
  if (distribution === 'gaussian') {
    if (!(sigma > 0)) throw new RangeError(`the Gaussian sigma is ${sigma}: give a number above 0.`);
    if (!Number.isFinite(prior)) throw new RangeError(`the Gaussian prior is ${prior}: give a finite mean.`);
  }
  return { distribution, sigma, prior };
}
