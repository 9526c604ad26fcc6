import { required } from '../network/required.js';
import type { NamedArrays } from '../weights/safetensors.js';

/** Weights and bias of a layer. */
export const affineWeights = (name: string, parameters: NamedArrays) => ({
  weights: required(parameters, `${name}.weights`).values,
  bias: required(parameters, `${name}.bias`).values,
});

/**
 * One row of an affine map: out[o] = bias[o] + Σ_i x[i] · weights[i, o], summed in double precision.
 * @param weights [inputs, outputs]
 * @param bias [outputs]; default 0
 * @param out [outputs]
 */
export function affineRow(
  x: Float32Array,
  weights: Float32Array,
  bias: Float32Array | undefined,
  out: Float64Array,
): void {
  const outputs = out.length;
  if (bias) out.set(bias);
  else out.fill(0);
  let i = 0;
  // Four inputs at a time read and write each sum once for all of them.
  for (; i + 4 <= x.length; i += 4) {
    const [a, b, c, d] = [x[i]!, x[i + 1]!, x[i + 2]!, x[i + 3]!];
    if (a === 0 && b === 0 && c === 0 && d === 0) continue;
    const first = i * outputs;
    const second = first + outputs;
    const third = second + outputs;
    const fourth = third + outputs;
    for (let o = 0; o < outputs; o++) {
      out[o]! +=
        a * weights[first + o]! + b * weights[second + o]! + c * weights[third + o]! + d * weights[fourth + o]!;
    }
  }
  for (; i < x.length; i++) {
    const value = x[i]!;
    for (let o = 0; o < outputs; o++) out[o]! += value * weights[i * outputs + o]!;
  }
}

/** `values`, [rows, columns], with its axes exchanged. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[column * rows + row] = values[row * columns + column]!;
  }
  return out;
}
