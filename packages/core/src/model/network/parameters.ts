import { fillUniform, foldIn, type Key } from '@nem/random';
import { isFloat32Array } from '../float32-array.js';
import { shown, shownOrMissing } from '../shown.js';
import type { NamedArrays } from '../weights/safetensors.js';
import { NetworkError } from './network-error.js';
import type { ParameterSpec } from './parameter-spec.js';
import { required } from './required.js';
import { elements } from './sample-shape.js';

/** Glorot's bound: √(6 / (inputs + outputs)), where a convolution's taps count as inputs and as outputs. */
function glorotBound(shape: readonly number[]): number {
  const taps = elements(shape.slice(0, -2));
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  return Math.sqrt(6 / (taps * (inputs + outputs)));
}

/** Parameters at their start: Glorot uniform weights, biases and offsets 0, gains and N-EM's η 1 (method, section 4). */
export function initializeParameters(specs: readonly ParameterSpec[], key: Key): NamedArrays {
  return Object.fromEntries(
    specs.map(({ name, shape, initializer }, i) => {
      const values = new Float32Array(elements(shape));
      if (initializer === 'ones') values.fill(1);
      if (initializer === 'glorotUniform') {
        const bound = glorotBound(shape);
        fillUniform(foldIn(key, i), values);
        for (let j = 0; j < values.length; j++) values[j] = (2 * values[j]! - 1) * bound;
      }
      return [name, { shape, values }];
    }),
  );
}

/**
 * Checks that `arrays` are exactly the parameters that a network has.
 * @throws NetworkError that names the first parameter that is missing, too many, of another shape, or with more or fewer values
 *   than its shape has
 */
export function requireParameters(specs: readonly ParameterSpec[], arrays: NamedArrays): void {
  if (typeof arrays !== 'object' || arrays === null) {
    throw new NetworkError(`the parameters are ${shownOrMissing(arrays)}: give arrays by their names.`);
  }
  for (const { name, shape } of specs) {
    const array = required(arrays, name);
    if (!Array.isArray(array?.shape) || !isFloat32Array(array.values)) {
      throw new NetworkError(`the parameter ${name} is ${shown(array)}: give its shape and a Float32Array of values.`);
    }
    if (array.shape.join() !== shape.join()) {
      throw new NetworkError(
        `the parameter ${name} is [${array.shape.join(', ')}] where the network has [${shape.join(', ')}]: use weights of the same network.`,
      );
    }
    if (array.values.length !== elements(shape)) {
      throw new NetworkError(
        `the parameter ${name} has ${array.values.length} values for its shape [${shape.join(', ')}]: give ${elements(shape)}.`,
      );
    }
  }
  const known = new Set(specs.map(({ name }) => name));
  const extra = Object.keys(arrays).find((name) => !known.has(name));
  if (extra !== undefined) {
    throw new NetworkError(`the network has no parameter ${extra}: use weights of the same network.`);
  }
}
