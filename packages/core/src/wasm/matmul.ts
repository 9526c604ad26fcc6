import type * as tf from '@tensorflow/tfjs-core';
import { moduleOf, type WasmModule } from './module.js';
import type { Kernel, KernelCall } from './registration.js';

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

/** What a matrix product is made of, or undefined where it is a batch of them or not of float32. */
function product({ inputs, attrs }: KernelCall) {
  const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
  const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
  const batch = [...a.shape.slice(0, -2), ...b.shape.slice(0, -2)];
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || batch.some((size) => size !== 1)) return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [n, depth] = transposeB ? [rowsB, columnsB] : [columnsB, rowsB];
  if (k !== depth || k === 0) return undefined;
  const rank = Math.max(a.shape.length, b.shape.length);
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

/** sum += xᵀ dy. */
export const addTransposedProduct: Kernel = ({ inputs, backend }) => {
  const { sum, x, dy } = inputs as Record<'sum' | 'x' | 'dy', tf.TensorInfo>;
  const module = moduleOf(backend);
  const [rows, m] = x.shape;
  const n = dy.shape[1];
  multiply(module, [m, n, rows], [module.address(x), 1, m], [module.address(dy), n, 1], module.address(sum), true);
  return [];
};
