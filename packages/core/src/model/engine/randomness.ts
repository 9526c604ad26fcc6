import { isFloat32Array } from '../float32-array.js';
import { shown, shownOrMissing } from '../shown.js';
import type { EngineSpec, Randomness } from './engine.js';
import type { FrameBatch } from './frames.js';
import { InputError } from './input-error.js';
import { isKey } from './require.js';

const WANTED = 'give the keys { noise, gamma } or the values { corrupted, gamma0 }.';

/** @throws InputError unless `values` is a Float32Array of so many values */
function requireValues(name: string, values: unknown, least: number, most = least): void {
  if (!isFloat32Array(values)) throw new InputError(`${name} is ${shown(values)}: give a Float32Array.`);
  if (values.length >= least && values.length <= most) return;
  throw new InputError(
    `${name} has ${values.length} values: give ${most === least ? '' : 'at least '}${least} for this batch.`,
  );
}

/**
 * Checks where a batch's noise and initial γ come from.
 * @param batch that has been checked
 * @throws InputError unless they are two keys, or values of the batch's size
 */
export function requireRandomness(randomness: Randomness, { batch }: FrameBatch, spec: EngineSpec): void {
  if (typeof randomness !== 'object' || randomness === null) {
    throw new InputError(`the randomness is ${shownOrMissing(randomness)}: ${WANTED}`);
  }
  if ('noise' in randomness) {
    const wrong = (['noise', 'gamma'] as const).find((name) => !isKey(randomness[name]));
    if (wrong)
      throw new InputError(`the randomness's ${wrong} is ${shown(randomness[wrong])}: give a key of deriveKey.`);
    return;
  }
  if (!('corrupted' in randomness)) throw new InputError(`the randomness has no noise: ${WANTED}`);
  const [height, width] = spec.image;
  const row = batch * height * width;
  requireValues("the randomness's corrupted", randomness.corrupted, spec.objective.stepWeights.length * row, Infinity);
  requireValues("the randomness's gamma0", randomness.gamma0, row * spec.components);
}
