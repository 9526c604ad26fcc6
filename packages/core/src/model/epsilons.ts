/** Added to each likelihood, so that no γ is 0 (method, section 1). */
export const LIKELIHOOD_EPSILON = 1e-6;

/** A Bernoulli ψ is kept this far from 0 and 1 in logarithms (method, section 3). */
export const CLIPPING_EPSILON = 1e-6;

/** Variance epsilon of layer norm (method, section 4). */
export const LAYER_NORM_EPSILON = 1e-12;
