import { type LearningRate, learningRateAt } from './learning-rate.js';

/** Adam's constants (Kingma and Ba 2015). */
export interface AdamOptions {
  /** One rate for all updates, or a schedule. Default 0.001. */
  readonly learningRate?: LearningRate;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/** `options` with their defaults. */
export function resolveAdam(options: AdamOptions = {}): Required<AdamOptions> {
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return { learningRate, beta1, beta2, epsilon };
}

/** What an update multiplies with: the learning rate by the first moment's correction, and the second moment's correction. */
export interface AdamRates {
  readonly rate: number;
  readonly correction: number;
}

/** @param update number of the update, from 1: Adam's state counts them, so a schedule goes on where training does */
export function adamRates(update: number, options?: AdamOptions): AdamRates {
  const { learningRate, beta1, beta2 } = resolveAdam(options);
  return { rate: learningRateAt(learningRate, update) / (1 - beta1 ** update), correction: 1 / (1 - beta2 ** update) };
}

/**
 * One Adam update of `parameters`, `m` and `v` in place.
 * @param update number of this update, from 1
 */
export function adamUpdate(
  parameters: Float32Array,
  gradients: Float32Array,
  m: Float32Array,
  v: Float32Array,
  update: number,
  options?: AdamOptions,
): void {
  const { beta1, beta2, epsilon } = resolveAdam(options);
  const { rate, correction } = adamRates(update, options);
  for (let i = 0; i < parameters.length; i++) {
    const gradient = gradients[i]!;
    m[i] = beta1 * m[i]! + (1 - beta1) * gradient;
    v[i] = beta2 * v[i]! + (1 - beta2) * gradient * gradient;
    parameters[i]! -= (rate * m[i]!) / (Math.sqrt(v[i]! * correction) + epsilon);
  }
}
