import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKernels } from './all-kernels.fixture.js';
import type { Arena, Kernels, Precision } from './kernels.js';
import { type Operand, pack, product, productOnce } from './operations.js';

/** Where the operands stand, and how a product is made of them. */
interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: (offset: number) => Operand;
  readonly aFloats: number;
  /** A's element (i, j), from its first float on. */
  readonly element: (data: Float32Array, i: number, j: number) => number;
  readonly columnsFirst: boolean;
  readonly gap: number;
  readonly accumulate: boolean;
  readonly bias: boolean;
  readonly activation: number;
  readonly seed: number;
}

const size = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 48, 49, 64, 97),
  fc.integer({ min: 1, max: 130 }),
);
const rest = {
  n: size,
  columnsFirst: fc.boolean(),
  gap: fc.integer({ min: 0, max: 3 }),
  accumulate: fc.boolean(),
  bias: fc.boolean(),
  activation: fc.integer({ min: 0, max: 4 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
};

const stridedCase: fc.Arbitrary<Case> = fc
  .record({ m: size, k: fc.oneof(size, fc.integer({ min: 500, max: 1700 })), step: fc.constantFrom(0, 1, 2), ...rest })
  .map(({ m, k, step, ...others }) => {
    const [row, column] = step === 0 ? [1, m + others.gap] : [k * step + others.gap, step];
    return {
      m,
      k,
      ...others,
      a: (offset: number) => ({ offset, row, column }),
      aFloats: (m - 1) * row + (k - 1) * column + 1,
      element: (data: Float32Array, i: number, j: number) => data[i * row + j * column]!,
    };
  });

const small = (min: number, max: number) => fc.integer({ min, max });
const imageSizes = fc.record({
  images: small(1, 2),
  kernel: small(1, 4),
  stride: small(1, 2),
  padTop: small(0, 2),
  padLeft: small(0, 2),
  height: small(1, 8),
  width: small(1, 8),
  channels: small(1, 6),
  outHeight: small(1, 6),
  outWidth: small(1, 6),
  transposed: fc.boolean(),
});

const patchCase: fc.Arbitrary<Case> = fc
  .record({ sizes: imageSizes, others: fc.record(rest) })
  .map(({ sizes, others }) => {
    const { images, kernel, stride, padTop, padLeft, height, width, channels, outHeight, outWidth, transposed } = sizes;
    const patches = images * outHeight * outWidth;
    const elements = kernel * kernel * channels;
    const patchElement = (data: Float32Array, patch: number, entry: number) => {
      const channel = entry % channels;
      const tap = Math.floor(entry / channels);
      const x = (patch % outWidth) * stride + (tap % kernel) - padLeft;
      const line = Math.floor(patch / outWidth);
      const y = (line % outHeight) * stride + Math.floor(tap / kernel) - padTop;
      if (x < 0 || y < 0 || x >= width || y >= height) return 0;
      return data[((Math.floor(line / outHeight) * height + y) * width + x) * channels + channel]!;
    };
    return {
      ...others,
      m: transposed ? elements : patches,
      k: transposed ? patches : elements,
      a: (offset: number) => ({ offset, ...sizes }),
      aFloats: images * height * width * channels,
      element: (data: Float32Array, i: number, j: number) =>
        transposed ? patchElement(data, j, i) : patchElement(data, i, j),
    };
  });

const activations = [
  (x: number) => x,
  (x: number) => 1 / (1 + Math.exp(-x)),
  Math.tanh,
  (x: number) => Math.max(x, 0),
  (x: number) => (x > 0 ? x : Math.exp(x) - 1),
];

/** Numbers in (−1, 1) that depend on the seed and the place alone. */
function fill(floats: Float32Array, seed: number): void {
  let state = seed;
  for (let i = 0; i < floats.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223;
    floats[i] = state / 2 ** 31;
  }
}

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** To bfloat16, ties to even. */
function round(value: number, precision: Precision): number {
  if (precision === 'float32') return value;
  single[0] = value;
  bits[0] = (bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000;
  return single[0]!;
}

interface Layout {
  readonly arena: Arena;
  readonly before: Float32Array;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly bias: number;
}

const rowOf = (t: Case) => t.n + t.gap;
const bStrides = (t: Case) => (t.columnsFirst ? { row: 1, column: t.k + t.gap } : { row: t.n + t.gap, column: 1 });

/** An arena with random operands, and two programs: packed before, and packed inside. */
function layOut(kernels: Kernels, t: Case, precision: Precision): Layout {
  const { m, n, k } = t;
  const strides = bStrides(t);
  let floats = 0;
  const take = (count: number) => {
    floats += count;
    return floats - count;
  };
  const a = take(t.aFloats);
  const b = take((k - 1) * strides.row + (n - 1) * strides.column + 1);
  const bias = take(n);
  const c = take((m - 1) * rowOf(t) + n);
  const packed = take(kernels.packedFloats(k, n, precision));
  const workspace = take(kernels.workspaceFloats);
  const { accumulate, activation } = t;
  const common = { m, n, k, a: t.a(a), c: { offset: c, row: rowOf(t) }, accumulate, activation, precision, workspace };
  const right = { offset: b, ...strides };
  const withBias = t.bias ? { ...common, bias } : common;
  const arena = kernels.createArena(floats, [
    Int32Array.from([...pack({ k, n, b: right, precision, packed, workspace }), ...product({ ...withBias, packed })]),
    Int32Array.from(productOnce({ ...withBias, b: right })),
  ]);
  fill(arena.floats, t.seed);
  return { arena, before: arena.floats.slice(), a, b, c, bias };
}

/** The largest error of C, in units of what rounding may do to the sum in question. */
function error(t: Case, { arena, before, a, b, c, bias }: Layout, precision: Precision): number {
  const strides = bStrides(t);
  const left = before.subarray(a);
  let worst = 0;
  for (let i = 0; i < t.m; i++) {
    for (let j = 0; j < t.n; j++) {
      const place = c + i * rowOf(t) + j;
      let sum = t.accumulate ? before[place]! : 0;
      let magnitude = 2;
      for (let p = 0; p < t.k; p++) {
        const right = before[b + p * strides.row + j * strides.column]!;
        const term = round(t.element(left, i, p), precision) * round(right, precision);
        sum += term;
        magnitude += Math.abs(term);
      }
      const expected = activations[t.activation]!(sum + (t.bias ? before[bias + j]! : 0));
      const difference = Math.abs(arena.floats[place]! - expected);
      worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference / magnitude);
    }
  }
  return worst;
}

/**
 * A bound of that error for k terms: half a unit in the last place for each addition (Higham, Accuracy and Stability of Numerical
 * Algorithms, section 4.2), and a little for the activation.
 */
const mostError = (k: number): number => 1e-6 + k * 2 ** -24;

describe.each(
  allKernels.flatMap(([name, kernels]) => kernels.precisions.map((precision) => ({ name, precision, kernels }))),
)('products on $name in $precision', ({ kernels, precision }) => {
  it.each([
    ['of strided matrices', stridedCase],
    ['of patches', patchCase],
  ] as const)('%s are sums of products', (_, cases) => {
    fc.assert(
      fc.property(cases, (t) => {
        for (const program of [0, 1]) {
          const layout = layOut(kernels, t, precision);
          layout.arena.run(program);
          expect(error(t, layout, precision)).toBeLessThan(mostError(t.k));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('give the same bits again', () => {
    fc.assert(
      fc.property(stridedCase, (t) => {
        const results = [0, 1].map(() => {
          const { arena, c } = layOut(kernels, t, precision);
          arena.run(0);
          return arena.floats.slice(c, c + t.n);
        });
        expect(results[0]).toEqual(results[1]);
      }),
      { numRuns: 5 },
    );
  });
});

it.runIf(process.env.NEM_REQUIRE_PEERS)('runs natively where CI has a C compiler', () => {
  expect(allKernels.map(([, { target }]) => target)).toContain('native');
});

describe.each(allKernels)('patches on %s', (_, kernels) => {
  it('are 0 however far beside the image they lie', () => {
    // Where the channels times the last row's place in its line are 2³²: 0 in the 32 bits of WebAssembly.
    const [m, n, k] = [2 ** 14 + 1, 5, 8];
    const image = { kernel: 1, stride: 2 ** 15, padTop: 0, padLeft: 0, height: 1, width: 1, channels: k };
    const a = { offset: 0, ...image, outHeight: 1, outWidth: 2 ** 15 };
    const [b, c] = [k, k + k * n];
    const workspace = c + m * n;
    const sizes = { m, n, k, a, b: { offset: b, row: n, column: 1 }, c: { offset: c, row: n } };
    const words = productOnce({ ...sizes, precision: 'float32', workspace });
    const arena = kernels.createArena(workspace + kernels.workspaceFloats, [Int32Array.from(words)]);
    arena.floats.fill(1, 0, c);
    arena.run(0);
    const rows = arena.floats.subarray(c, workspace);
    expect([...rows.subarray(0, n)]).toEqual(Array(n).fill(k));
    expect(rows.subarray(n).every((value) => value === 0)).toBe(true);
  });
});
