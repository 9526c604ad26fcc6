import type * as tf from '@tensorflow/tfjs-core';
import { moduleOf, type WasmModule } from './module.js';
import type { Kernel, KernelCall } from './registration.js';
import { shape2 } from './shapes.js';

/** A matrix where it lies: address, and floats between its rows and between its columns. */
type Matrix = readonly [address: number, row: number, column: number];

/** C = A B, or C += A B. A: [m, k], B: [k, n], C: [m, n]. */
function multiply(
  module: WasmModule,
  [m, n, k]: readonly [number, number, number],
  a: Matrix,
  b: Matrix,
  c: number,
  accumulate: boolean,
): void {
  const { gemm, gemmWork } = module.exports;
  gemm(m, n, k, ...a, ...b, c, Number(accumulate), module.work(gemmWork()));
}

/** What a matrix product is made of, or undefined where it is a batch of them, of vectors or not of float32. */
function product({ inputs, attrs }: KernelCall) {
  const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
  const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
  const batch = [...a.shape.slice(0, -2), ...b.shape.slice(0, -2)];
  const rank = Math.max(a.shape.length, b.shape.length);
  if (Math.min(a.shape.length, b.shape.length) < 2) return undefined;
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || batch.some((size) => size !== 1)) return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [n, depth] = transposeB ? [rowsB, columnsB] : [columnsB, rowsB];
  if (k !== depth || k === 0) return undefined;
  const strides = (transposed: boolean, columns: number) =>
    (transposed ? [1, columns] : [columns, 1]) as [number, number];
  return {
    a: [a, strides(transposeA, columnsA)] as const,
    b: [b, strides(transposeB, columnsB)] as const,
    size: [m, n, k] as const,
    shape: [...new Array<number>(rank - 2).fill(1), m, n],
  };
}

/** `BatchMatMul` and, with a bias, `_FusedMatMul`; batches of products and other activations are left to the backend's own. */
export const matMul =
  (original: Kernel): Kernel =>
  (call) => {
    const { bias, preluActivationWeights } = call.inputs as Record<string, tf.TensorInfo | undefined>;
    const { activation = 'linear' } = call.attrs as unknown as { activation?: string };
    const found = product(call);
    if (!found || preluActivationWeights || activation !== 'linear') return original(call);
    const { a, b, size, shape } = found;
    const [m, n] = size;
    if (bias && (bias.dtype !== 'float32' || bias.shape.at(-1) !== n || bias.shape.length > 1)) return original(call);
    const module = moduleOf(call.backend);
    const output = module.output(shape);
    const c = module.address(output);
    if (bias) module.exports.fillRows(m, n, module.address(bias), c);
    multiply(module, size, [module.address(a[0]), ...a[1]], [module.address(b[0]), ...b[1]], c, bias !== undefined);
    return output;
  };

/** Bytes of a float. */
const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/** [x, h] W + b: the rows of W for x come first. */
export const joinedLinear: Kernel = ({ inputs, backend }) => {
  const { x, h, weights, bias } = inputs as Record<'x' | 'h' | 'weights' | 'bias', tf.TensorInfo>;
  const module = moduleOf(backend);
  const [rows, ofX] = shape2(x);
  const [, ofH] = shape2(h);
  const [, n] = shape2(weights);
  const output = module.output([rows, n]);
  const [w, c] = [module.address(weights), module.address(output)];
  module.exports.fillRows(rows, n, module.address(bias), c);
  multiply(module, [rows, n, ofX], [module.address(x), ofX, 1], [w, n, 1], c, true);
  multiply(module, [rows, n, ofH], [module.address(h), ofH, 1], [w + ofX * n * FLOAT, n, 1], c, true);
  return output;
};

/** Gradients of {@link joinedLinear} by x and by h. */
export const joinedLinearGradient: Kernel = ({ inputs, attrs, backend }) => {
  const { dy, weights } = inputs as Record<'dy' | 'weights', tf.TensorInfo>;
  const { inputs: ofX } = attrs as unknown as { inputs: number };
  const module = moduleOf(backend);
  const [rows, n] = shape2(dy);
  const [joined] = shape2(weights);
  const ofH = joined - ofX;
  const [x, h] = [module.output([rows, ofX]), module.output([rows, ofH])];
  const [dx, dh] = [module.address(x), module.address(h)];
  const [a, w] = [module.address(dy), module.address(weights)];
  multiply(module, [rows, ofX, n], [a, n, 1], [w, 1, n], dx, false);
  multiply(module, [rows, ofH, n], [a, n, 1], [w + ofX * n * FLOAT, 1, n], dh, false);
  return [x, h];
};

/** sum += [x, h]ᵀ dy. */
export const addJoinedProduct: Kernel = ({ inputs, backend }) => {
  const { sum, x, h, dy } = inputs as Record<'sum' | 'x' | 'h' | 'dy', tf.TensorInfo>;
  const module = moduleOf(backend);
  const [rows, n] = shape2(dy);
  const [[, ofX], [, ofH]] = [shape2(x), shape2(h)];
  const [b, c] = [module.address(dy), module.address(sum)];
  multiply(module, [ofX, n, rows], [module.address(x), 1, ofX], [b, n, 1], c, true);
  multiply(module, [ofH, n, rows], [module.address(h), 1, ofH], [b, n, 1], c + ofX * n * FLOAT, true);
  return [];
};

/** sum += xᵀ dy. */
export const addTransposedProduct: Kernel = ({ inputs, backend }) => {
  const { sum, x, dy } = inputs as Record<'sum' | 'x' | 'dy', tf.TensorInfo>;
  const module = moduleOf(backend);
  const [rows, m] = shape2(x);
  const [, n] = shape2(dy);
  multiply(module, [m, n, rows], [module.address(x), 1, m], [module.address(dy), n, 1], module.address(sum), true);
  return [];
};
