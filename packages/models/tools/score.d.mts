import type { Model } from '../src/index.js';

/** AMI (max) and ARI. */
export interface Scores {
  readonly adjustedMutualInfo: number;
  readonly adjustedRand: number;
}

/** Inputs that are scored of a dataset. */
export function scoredInputs(dataset: { readonly type: string }): number;

export function score(model: Model, dataset: { readonly type: string }, seed: number, noisy: boolean): Promise<Scores>;
