import { LAYER_NORM_EPSILON } from '../epsilons.js';
import { numbers } from '../formulas/numbers.js';
import { activationFunctions } from '../network/activation-functions.js';
import type { Activation } from '../network/activation-names.js';
import { required } from '../network/required.js';
import type { NamedArrays } from '../weights/safetensors.js';

/** The end of a layer for one sample: from z to y = activation(norm(z)). `y` is written, `z` is left as it is. */
type Finish = (z: Float64Array, y: Float32Array) => void;

/** Mean, and 1 / √(variance + epsilon), of a sample. */
function statistics(z: Float64Array, epsilon: number): { mean: number; scale: number } {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i]!;
  const mean = sum / z.length;
  let squares = 0;
  for (let i = 0; i < z.length; i++) squares += (z[i]! - mean) ** 2;
  return { mean, scale: 1 / Math.sqrt(squares / z.length + epsilon) };
}

/** Normalises a sample to mean 0 and variance 1; as it is written, a sample of equal values has no finite result at epsilon 0. */
export function normalize(z: Float64Array, y: Float32Array): void {
  const { mean, scale } = statistics(z, 0);
  for (let i = 0; i < z.length; i++) y[i] = (z[i]! - mean) * scale;
}

/** Layer norm over all axes of a sample where asked for, with a gain and an offset per channel, then the activation (method, section 4). */
export function normActivation(
  name: string,
  { activation, layerNorm = false }: { readonly activation: Activation; readonly layerNorm?: boolean },
  parameters: NamedArrays,
): Finish {
  const { value } = activationFunctions[activation];
  if (!layerNorm) {
    return (z, y) => {
      for (let i = 0; i < z.length; i++) y[i] = value(numbers, z[i]!);
    };
  }
  const gain = required(parameters, `${name}.gain`).values;
  const offset = required(parameters, `${name}.offset`).values;
  return (z, y) => {
    const { mean, scale } = statistics(z, LAYER_NORM_EPSILON);
    for (let i = 0; i < z.length; i++) {
      const channel = i % gain.length;
      y[i] = value(numbers, (z[i]! - mean) * scale * gain[channel]! + offset[channel]!);
    }
  };
}
