import { type LearningRate, learningRateAt } from './learning-rate.js';

/** Adam's constants (Kingma and Ba 2015). An engine whose specification has one out of range is not made. */
export interface AdamOptions {
  /** One rate for all updates, above 0, or a schedule. Default 0.001. */
  readonly learningRate?: LearningRate;
  /** β₁, the decay of the gradients' mean; at least 0 and below 1. Default 0.9. */
  readonly beta1?: number;
  /** β₂, the decay of their squares' mean; at least 0 and below 1. Default 0.999. */
  readonly beta2?: number;
  /** ε, added to the root of the squares' mean; above 0. Default 1e-8. */
  readonly epsilon?: number;
  /**
   * Gradients whose norm over all parameters is larger are scaled down to this norm before the update (Pascanu, Mikolov and
   * Bengio 2013). Above 0. Default: they are left as they are
   */
  readonly clipNorm?: number;
}

/** `options` with their defaults. */
export function resolveAdam(options: AdamOptions = {}): Required<AdamOptions> {
  const {
    learningRate = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    clipNorm = Number.POSITIVE_INFINITY,
  } = options;
  return { learningRate, beta1, beta2, epsilon, clipNorm };
}

/** The sum of the squares of `values`, in double precision. */
export function sumOfSquares(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/**
 * What gradients are multiplied with to have at most the norm `clipNorm`: 1 for those that are within it, and for gradients
 * that are not finite, so that the caller notices them.
 * @param squares the sum of the squares of all gradients, of every parameter
 */
export function clipFactor(squares: number, options?: AdamOptions): number {
  const { clipNorm } = resolveAdam(options);
  const norm = Math.sqrt(squares);
  return norm > clipNorm && Number.isFinite(norm) ? clipNorm / norm : 1;
}

/** Multiplies gradients with `factor`, in place. */
export function scaleGradients(gradients: Float32Array, factor: number): void {
  if (factor === 1) return;
  for (let i = 0; i < gradients.length; i++) gradients[i]! *= factor;
}

/** Clips the gradients of all parameters, `arrays`, by their norm, in place: see {@link AdamOptions.clipNorm}. */
export function clipGradients(arrays: readonly Float32Array[], options?: AdamOptions): void {
  if (resolveAdam(options).clipNorm === Number.POSITIVE_INFINITY) return;
  const squares = arrays.reduce((sum, values) => sum + sumOfSquares(values), 0);
  const factor = clipFactor(squares, options);
  for (const values of arrays) scaleGradients(values, factor);
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
