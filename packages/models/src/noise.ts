import { type NoiseSpec, noiseTypes } from '@nem/core';
import { ModelError } from './model-error.js';
import { type Names, requireOptions } from './options.js';

const NAMES: Names<NoiseSpec> = { type: true, probability: true };

/** @throws ModelError for a value that is no kind of noise with its probability */
export function requireNoise(noise: unknown): asserts noise is NoiseSpec {
  if (typeof noise !== 'object' || noise === null) {
    throw new ModelError(`noise is ${String(noise)}: give true, false or an object with a type and a probability.`);
  }
  requireOptions(noise, 'noise', NAMES);
  const { type, probability = 0 } = noise as Partial<NoiseSpec>;
  if (type === undefined || !noiseTypes.includes(type)) {
    throw new ModelError(`the type of noise is ${String(type)}: use ${noiseTypes.join(', ')}.`);
  }
  if (typeof probability === 'number' && probability >= 0 && probability <= 1) return;
  throw new ModelError(`the probability of noise is ${String(probability)}: give a number from 0 to 1.`);
}
