/** A mixture as data; `distribution` names the pixels' distribution. */
export interface MixtureSpec {
  readonly distribution: 'bernoulli' | 'gaussian';
  /** Standard deviation of a Gaussian pixel in the E-step, where it acts as a temperature. Default 0.25. */
  readonly sigma?: number;
  /** Parameter of the prior: probability of a 1 (Bernoulli), or mean (Gaussian). Default 0. */
  readonly prior?: number;
}
