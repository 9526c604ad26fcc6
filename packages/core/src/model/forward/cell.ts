import { numbers } from '../formulas/numbers.js';
import { stackForward } from '../network/layer-types.js';
import type { NemShape } from '../network/n-em.js';
import type { NetworkShape } from '../network/network.js';
import { required } from '../network/required.js';
import type { RnnEmShape } from '../network/rnn-em.js';
import type { NamedArrays } from '../weights/safetensors.js';
import { affineRow, transposed } from './affine.js';
import { normActivation } from './norm-activation.js';

/** New ψ, [rows, pixels], and new h (θ of N-EM), [rows, M]; a row is a component of an input. */
interface CellResult {
  readonly psi: Float32Array;
  readonly hidden: Float32Array;
}

/** The M-step: from γ ⊙ (x̃ − ψ), [rows, pixels], and h, [rows, M]. */
type Cell = (input: Float32Array, hidden: Float32Array, rows: number) => CellResult;

/** Row `row` of values that have `rows` of them. */
const rowOf = (values: Float32Array, row: number, size: number) => values.subarray(row * size, (row + 1) * size);

/** RNN-EM: input layers, the recurrent layer, output layers (method, sections 1 and 4). */
function rnnEmCell({ input, recurrent, output, hiddenSize }: RnnEmShape, parameters: NamedArrays): Cell {
  const encode = stackForward(input, parameters);
  const decode = stackForward(output, parameters);
  const weights = required(parameters, 'recurrent.weights').values;
  const bias = required(parameters, 'recurrent.bias').values;
  const { activation } = recurrent.spec;
  const remember = normActivation('recurrent', { activation }, parameters);
  const give = normActivation('recurrent', recurrent.spec, parameters);
  const joined = new Float32Array(recurrent.inputSize + hiddenSize);
  const z = new Float64Array(hiddenSize);
  return (masked, hidden, rows) => {
    const encoded = encode(masked, rows);
    const next = new Float32Array(hidden.length);
    const given = new Float32Array(hidden.length);
    for (let row = 0; row < rows; row++) {
      joined.set(rowOf(encoded, row, recurrent.inputSize));
      joined.set(rowOf(hidden, row, hiddenSize), recurrent.inputSize);
      affineRow(joined, weights, bias, z);
      remember(z, rowOf(next, row, hiddenSize));
      give(z, rowOf(given, row, hiddenSize));
    }
    return { psi: decode(given, rows), hidden: next };
  };
}

/** N-EM: θ ← θ + η · s(1 − s) · ((γ ⊙ (x̃ − ψ)) W), ψ = sigmoid(sigmoid(θ) Wᵀ), s = sigmoid(θ) (method, section 1). */
function nemCell({ hiddenSize }: NemShape, pixels: number, parameters: NamedArrays): Cell {
  const weights = required(parameters, 'nem.weights').values;
  const eta = required(parameters, 'nem.step').values[0]!;
  const decoder = transposed(weights, pixels, hiddenSize);
  const ascent = new Float64Array(hiddenSize);
  const squashed = new Float32Array(hiddenSize);
  const logits = new Float64Array(pixels);
  return (masked, hidden, rows) => {
    const psi = new Float32Array(masked.length);
    const next = new Float32Array(hidden.length);
    for (let row = 0; row < rows; row++) {
      affineRow(rowOf(masked, row, pixels), weights, undefined, ascent);
      for (let m = 0; m < hiddenSize; m++) {
        const theta = hidden[row * hiddenSize + m]!;
        const s = numbers.sigmoid(theta);
        const moved = theta + eta * s * (1 - s) * ascent[m]!;
        next[row * hiddenSize + m] = moved;
        squashed[m] = numbers.sigmoid(moved);
      }
      affineRow(squashed, decoder, undefined, logits);
      for (let i = 0; i < pixels; i++) psi[row * pixels + i] = numbers.sigmoid(logits[i]!);
    }
    return { psi, hidden: next };
  };
}

/** The cell of a network, with parameters that are its own. */
export function createCell(shape: NetworkShape, pixels: number, parameters: NamedArrays): Cell {
  switch (shape.type) {
    case 'rnn-em':
      return rnnEmCell(shape, parameters);
    case 'n-em':
      return nemCell(shape, pixels, parameters);
    default:
      return shape satisfies never;
  }
}
