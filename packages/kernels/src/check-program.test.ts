import { describe, expect, it } from 'vitest';
import { checkProgram } from './check-program.js';
import { type PackOperation, type ProductOperation, pack, product, productOnce } from './operations.js';
import { loadWasm } from './wasm.js';

const kernels = loadWasm('simd');
const matrix = (offset: number, row: number) => ({ offset, row, column: 1 });
const [m, n, k] = [5, 6, 7];
const workspace = 1000;
const end = workspace + kernels.workspaceFloats;

const packing: PackOperation = { k, n, b: matrix(100, n), precision: 'float32', packed: 200, workspace };
const multiplying: ProductOperation = {
  ...{ m, n, k, a: matrix(0, k), packed: 200, c: { offset: 400, row: n }, precision: 'float32', workspace },
};
/** Large matrices of one float each: strides of 0. */
const once = (sizes: { m?: number; k?: number }) => {
  const one = { offset: 0, row: 0, column: 0 };
  return productOnce({
    m: 1,
    n: 1,
    k: 1,
    ...sizes,
    a: one,
    b: one,
    c: { offset: 1, row: 0 },
    precision: 'float32',
    workspace,
  });
};
const check = (words: readonly number[], floats = end) => checkProgram(Int32Array.from(words), floats, kernels);

describe('a program', () => {
  it('that stays inside its arena is taken, and refused one float short', () => {
    const program = [...pack(packing), ...product({ ...multiplying, bias: 600, activation: 2 })];
    expect(() => check(program)).not.toThrow();
    expect(() => check(program, end - 1)).toThrow('Instruction 0: workspace lies outside the arena');
  });

  it.each([
    ['A', { a: matrix(end - m * k + 1, k) }],
    ['A', { a: { offset: 0, row: 1, column: 2 ** 30 } }],
    ['C', { c: { offset: end - m * n + 1, row: n } }],
    ['C', { c: { offset: 0, row: 2 ** 28 } }],
    ['packed B', { packed: end - 1 }],
    ['bias', { bias: end - n + 1 }],
    ['workspace', { workspace: workspace + 1 }],
  ])('whose %s lies outside is refused', (what, change) => {
    expect(() => check(product({ ...multiplying, ...change }))).toThrow(
      `Instruction 0: ${what} lies outside the arena`,
    );
  });

  it('whose images end beyond the arena is refused', () => {
    const a = {
      offset: 0,
      kernel: 2,
      stride: 1,
      padTop: 0,
      padLeft: 0,
      height: 1000,
      width: 1000,
      channels: 1,
    };
    const sizes = { m: 4, n: 2, k: 4, a: { ...a, outHeight: 2, outWidth: 2 }, b: matrix(0, 2) };
    const c = { offset: 0, row: 2 };
    expect(() => check(productOnce({ ...sizes, c, precision: 'float32', workspace }))).toThrow('A lies outside');
  });

  it.each([
    ['has an unknown instruction', [999, 2], 'unknown code: 999'],
    ['is cut off', pack(packing).slice(0, -1), 'is cut off'],
    ['has no length', [1], 'is cut off'],
    ['lacks arguments', [1, 3, 4], 'ends before its n'],
    ['has a size of 0', product({ ...multiplying, m: 0 }), 'm is 0: it must be at least 1'],
    [
      'has a size that overflows in WebAssembly',
      once({ m: 2 ** 31 - 1 }),
      'm is 2147483647: it must be at most 1073741824',
    ],
    ['has a depth that overflows there', once({ k: 2 ** 31 - 1 }), 'k is 2147483647: it must be at most 1073741824'],
    ['has a negative offset', product({ ...multiplying, packed: -1 }), 'packed is -1'],
    ['has a negative stride', product({ ...multiplying, a: matrix(0, -1) }), 'row is -1'],
    [
      'is in a precision that the variant lacks',
      pack({ ...packing, precision: 'bfloat16' }),
      'no products in bfloat16',
    ],
  ])('that %s is refused', (_, words, message) => {
    expect(() => check(words)).toThrow(message);
  });

  it('with words after its last argument is refused', () => {
    const words = [...pack(packing), 0];
    words[1] = words.length;
    expect(() => check(words)).toThrow('words after its last argument');
  });
});

it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('an arena of %s floats is refused', (floats) => {
  expect(() => kernels.createArena(floats, [])).toThrow('cannot have');
});

it.each([
  [undefined, 'The programs are missing: give a list of Int32Array.'],
  [[new Int32Array(0), pack(packing)], 'Program 1 is a list: give an Int32Array'],
])('programs that are none are refused', (programs, message) => {
  expect(() => kernels.createArena(end, programs as never)).toThrow(message);
});

it('an unknown variant is refused, naming those that there are', () => {
  for (const name of ['avx2', 'toString', ''] as never[]) {
    expect(() => loadWasm(name)).toThrow(`in WebAssembly: use 'relaxed' or 'simd'.`);
  }
});

it('an arena beyond the memory of WebAssembly is refused in a sentence', () => {
  expect(() => kernels.createArena(2 ** 31, [])).toThrow('its memory ends at 4 GiB: make the batch smaller.');
});
