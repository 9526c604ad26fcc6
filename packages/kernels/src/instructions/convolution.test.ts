import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { fold, gather, scatter, unfold } from './convolution.js';
import { runInstruction } from './run-instruction.fixture.js';
import { drawer, expectClose, seed } from './values.fixture.js';

const small = fc.integer({ min: 1, max: 4 });

const windows = fc.record({
  images: fc.integer({ min: 1, max: 2 }),
  kernel: small,
  stride: fc.integer({ min: 1, max: 3 }),
  top: fc.integer({ min: 0, max: 3 }),
  left: fc.integer({ min: 0, max: 3 }),
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 1, max: 7 }),
  channels: fc.constantFrom(1, 3, 16, 18),
  outHeight: small,
  outWidth: small,
});

type Windows = typeof windows extends fc.Arbitrary<infer T> ? T : never;

/** The sums of patches where they overlap, one float at a time. */
function scattered(w: Windows, patches: Float32Array, bias: Float32Array | undefined): Float64Array {
  const size = w.height * w.width * w.channels;
  const out = Float64Array.from({ length: w.images * size }, (_, i) => bias?.[i % w.channels] ?? 0);
  for (const [i, value] of patches.entries()) {
    const channel = i % w.channels;
    const tap = Math.floor(i / w.channels) % w.kernel ** 2;
    const window = Math.floor(i / (w.channels * w.kernel ** 2));
    const image = Math.floor(window / (w.outHeight * w.outWidth));
    const place = window % (w.outHeight * w.outWidth);
    const row = Math.floor(place / w.outWidth) * w.stride - w.top + Math.floor(tap / w.kernel);
    const column = (place % w.outWidth) * w.stride - w.left + (tap % w.kernel);
    if (row < 0 || row >= w.height || column < 0 || column >= w.width) continue;
    out[image * size + (row * w.width + column) * w.channels + channel]! += value;
  }
  return out;
}

describe.each(allKernels)('%s', (_, kernels) => {
  it('adds patches up where they overlap, and nothing outside the image', () => {
    fc.assert(
      fc.property(windows, fc.boolean(), seed, (w, hasBias, seed) => {
        const draw = drawer(seed);
        const patches = draw(w.images * w.outHeight * w.outWidth * w.kernel ** 2 * w.channels);
        const bias = hasBias ? draw(w.channels) : undefined;
        const out = draw(w.images * w.height * w.width * w.channels);
        const ours = runInstruction(kernels, scatter, { ...w, patches, bias, out })(out);
        expectClose(ours, scattered(w, patches, bias));
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('gathers patches by the transpose of that', () => {
    fc.assert(
      fc.property(windows, seed, (w, seed) => {
        const draw = drawer(seed);
        const other = draw(w.images * w.outHeight * w.outWidth * w.kernel ** 2 * w.channels);
        const x = draw(w.images * w.height * w.width * w.channels);
        const patches = other.map(() => 9);
        const taken = runInstruction(kernels, gather, { ...w, x, patches })(patches);
        const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
          Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
        expect(dot(taken, other)).toBeCloseTo(dot(x, scattered(w, other, undefined)), 2);
      }),
      { numRuns: 100, seed: 9 },
    );
  });

  it('folds weights by sums of taps, and unfolds by the transpose of that', () => {
    const sizes = fc.record({ kernel: small, scale: small, channels: small, outputs: small, seed });
    fc.assert(
      fc.property(sizes, ({ seed, ...sizes }) => {
        const { kernel, scale, channels, outputs } = sizes;
        const draw = drawer(seed);
        const reach = kernel + scale - 1;
        const weights = draw(kernel ** 2 * channels * outputs);
        const folded = new Float32Array(reach ** 2 * channels * outputs);
        const result = runInstruction(kernels, fold, { ...sizes, weights, folded })(folded);
        // All taps of a pixel's row of the enlarged image: each reaches `scale` places along each axis.
        const total = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);
        expect(total(result)).toBeCloseTo(scale ** 2 * total(weights), 2);
        const gradient = draw(folded.length);
        const back = runInstruction(kernels, unfold, { ...sizes, weights, folded: gradient })(weights);
        const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
        expect(dot(result, gradient)).toBeCloseTo(dot(weights, back), 2);
      }),
      { numRuns: 60, seed: 8 },
    );
  });
});
