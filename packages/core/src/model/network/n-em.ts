import type { ParameterSpec } from './parameter-spec.js';
import { requireSize } from './requirements.js';

/** N-EM as the paper runs it: ψ = sigmoid(sigmoid(θ) Wᵀ) and a learned step size η (method, section 1). */
export interface NemSpec {
  readonly type: 'n-em';
  /** M, the size of θ. */
  readonly size: number;
}

/** An N-EM network with its parameters. */
export interface NemShape {
  readonly type: 'n-em';
  readonly hiddenSize: number;
  readonly parameters: readonly ParameterSpec[];
}

/** @throws NetworkError unless M is an integer of at least 1 */
export function nemShape({ size }: NemSpec, pixels: number): NemShape {
  requireSize('the N-EM network', 'size', size);
  const parameters: ParameterSpec[] = [
    { name: 'nem.weights', shape: [pixels, size], initializer: 'glorotUniform' },
    { name: 'nem.step', shape: [1], initializer: 'ones' },
  ];
  return { type: 'n-em', hiddenSize: size, parameters };
}
