import { learningRateFault } from '../learning-rate.js';
import { resolveMixture } from '../mixture/distributions.js';
import { noise } from '../noise.js';
import { gammaGradients } from '../objective.js';
import {
  type Check,
  faultSentence,
  finite,
  finites,
  imageSize,
  kind,
  notNegative,
  object,
  optional,
  positive,
} from '../spec-check.js';
import { requireComponents } from './components.js';
import type { EngineSpec } from './engine.js';
import { InputError } from './input-error.js';

const below1 = kind(
  'give a number of at least 0 and below 1.',
  (value) => typeof value === 'number' && value >= 0 && value < 1,
);

const gammaGradient = kind("give true, false, 'loss' or 'mask'.", (value) =>
  gammaGradients.some((known) => known === value),
);

/** A network, a mixture and K have checks of their own. */
const fields: Readonly<Record<Exclude<keyof EngineSpec, 'network' | 'mixture' | 'components'>, Check>> = {
  objective: object({ interWeight: notNegative, stepWeights: finites, gammaGradient }),
  image: imageSize,
  noise,
  optimizer: optional(
    object({
      learningRate: optional(learningRateFault),
      beta1: optional(below1),
      beta2: optional(below1),
      epsilon: optional(positive),
      clipNorm: optional(positive),
    }),
  ),
  initialPrediction: optional(finite),
};

/**
 * Checks an engine's specification except for its network, which is checked where it is built.
 * @param others fields that an engine has beside those of {@link EngineSpec}
 * @throws InputError for an unknown field, or one of a wrong type or out of range; RangeError for the mixture; NetworkError for K
 */
export function requireEngineSpec(spec: EngineSpec, others: readonly string[] = []): void {
  const fault = object(fields, ['network', 'mixture', 'components', ...others])(spec);
  if (fault) throw new InputError(faultSentence(fault, "the engine's specification"));
  resolveMixture(spec.mixture);
  requireComponents(spec.components);
}
