import { count, type Fields } from '../spec-check.js';
import type { ParameterSpec } from './parameter-spec.js';

/** N-EM as the paper runs it: ψ = sigmoid(sigmoid(θ) Wᵀ) and a learned step size η (method, section 1). */
export interface NemSpec {
  readonly type: 'n-em';
  /** M, the size of θ. */
  readonly size: number;
}

export const nemFields: Fields<NemSpec> = { size: count };

/** An N-EM network with its parameters. */
export interface NemShape {
  readonly type: 'n-em';
  readonly hiddenSize: number;
  readonly parameters: readonly ParameterSpec[];
}

/** The parameters of N-EM for images of `pixels` pixels. */
export function nemShape({ size }: NemSpec, pixels: number): NemShape {
  const parameters: ParameterSpec[] = [
    { name: 'nem.weights', shape: [pixels, size], initializer: 'glorotUniform' },
    { name: 'nem.step', shape: [1], initializer: 'ones' },
  ];
  return { type: 'n-em', hiddenSize: size, parameters };
}
