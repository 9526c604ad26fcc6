import { MetricInputError } from './errors.js';
import { describe } from './labels.js';

/**
 * How the entropies of the two labelings are averaged into the upper bound that a mutual information is divided by.
 * scikit-learn's default is `arithmetic`; the N-EM paper (Greff et al., 2017) reports `max`.
 */
export type AverageMethod = 'arithmetic' | 'max' | 'min' | 'geometric';

/** Every {@link AverageMethod}. */
export const AVERAGE_METHODS: readonly AverageMethod[] = ['arithmetic', 'max', 'min', 'geometric'];

/** The generalized mean of two entropies. */
export function generalizedAverage(u: number, v: number, method: AverageMethod): number {
  switch (method) {
    case 'arithmetic':
      return (u + v) / 2;
    case 'max':
      return Math.max(u, v);
    case 'min':
      return Math.min(u, v);
    case 'geometric':
      return Math.sqrt(u * v);
  }
}

/**
 * The averaging that was chosen; `arithmetic` by default.
 *
 * @throws MetricInputError for an unknown one
 */
export function averageMethodOf(method: AverageMethod | undefined): AverageMethod {
  if (method === undefined) return 'arithmetic';
  if (AVERAGE_METHODS.includes(method)) return method;
  throw new MetricInputError(
    'averageMethod',
    `averageMethod is ${describe(method)}, but it must be one of ${AVERAGE_METHODS.join(', ')}.`,
  );
}
