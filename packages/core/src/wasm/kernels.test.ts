import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deriveKey, fillNormal } from '@nem/random';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { relativeError } from '../model/verify/verify.js';
import { chooseOperations as operations } from '../tensorflow/ops/choose-operations.js';
import { hasKernels } from '../tensorflow/ops/kernels.js';
import { registerWasmKernels } from './index.js';

const TOLERANCE = 1e-5;
let seed = 0;
const normal = (shape: number[]) =>
  tf.tensor(fillNormal(deriveKey(7, 'kernels', seed++), new Float32Array(shape.reduce((a, b) => a * b, 1))), shape);

/** Runs `run` on the WebAssembly backend with our kernels and on the plain JavaScript backend, with the same values. */
async function compare(shapes: number[][], run: (...tensors: tf.Tensor[]) => tf.Tensor): Promise<number> {
  await tf.setBackend('cpu');
  const inputs = shapes.map(normal);
  const values = inputs.map((tensor) => tensor.dataSync() as Float32Array);
  const expected = run(...inputs);
  const [wanted, shape] = [expected.dataSync(), expected.shape];
  await tf.setBackend('wasm');
  const before = tf.memory().numTensors;
  const ours = tf.tidy(() => {
    const result = run(...values.map((array, i) => tf.tensor(array.slice(), shapes[i])));
    expect(result.shape).toEqual(shape);
    return result.dataSync().slice();
  });
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([...inputs, expected]);
  return relativeError(ours as Float32Array, wanted as Float32Array);
}

beforeAll(async () => {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(main)}/`);
  registerWasmKernels();
  registerWasmKernels();
  await tf.setBackend('wasm');
  expect(hasKernels()).toBe(true);
});
afterAll(() => tf.removeBackend('wasm'));

const size = (max: number) => fc.integer({ min: 1, max });

it('multiplies matrices of any size, each transposed or not', async () => {
  const sizes = fc.record({
    m: size(140),
    k: size(300),
    n: size(280),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ m, k, n, transposeA, transposeB }) => {
      const shapes = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
      const error = await compare(shapes, (a, b) => tf.matMul(a, b, transposeA, transposeB));
      expect(error).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 60, seed: 1 },
  );
});

it('leaves batches of products to the backend', async () => {
  expect(
    await compare(
      [
        [3, 4, 5],
        [3, 5, 2],
      ],
      (a, b) => tf.matMul(a, b),
    ),
  ).toBeLessThan(TOLERANCE);
  expect(
    await compare(
      [
        [1, 4, 5],
        [1, 5, 2],
      ],
      (a, b) => tf.matMul(a, b),
    ),
  ).toBeLessThan(TOLERANCE);
});

const geometries = fc.record({
  images: size(3),
  height: size(9),
  width: size(9),
  channels: size(5),
  outputs: size(9),
  kernelHeight: size(5),
  kernelWidth: size(5),
  stride: size(3),
  top: fc.integer({ min: 0, max: 3 }),
  bottom: fc.integer({ min: 0, max: 3 }),
  left: fc.integer({ min: 0, max: 3 }),
  right: fc.integer({ min: 0, max: 3 }),
});

it('convolves, and goes back by images and by kernels, in any geometry', async () => {
  await fc.assert(
    fc.asyncProperty(geometries, async (geometry) => {
      const { images, height, width, channels, outputs, kernelHeight, kernelWidth, stride, ...padding } = geometry;
      const [tall, wide] = [height + padding.top + padding.bottom, width + padding.left + padding.right];
      fc.pre(tall >= kernelHeight && wide >= kernelWidth);
      const x = [images, height, width, channels];
      const kernel = [kernelHeight, kernelWidth, channels, outputs];
      const out = (total: number, taps: number) => Math.floor((total - taps) / stride) + 1;
      const dy = [images, out(tall, kernelHeight), out(wide, kernelWidth), outputs];
      const errors = [
        await compare([x, kernel], (a, b) =>
          operations().convolve(a as tf.Tensor4D, b as tf.Tensor4D, stride, padding),
        ),
        await compare([dy, kernel], (a, b) =>
          operations().convolveInputGradient(a as tf.Tensor4D, b as tf.Tensor4D, stride, padding, [height, width]),
        ),
        await compare([x, dy], (a, b) =>
          operations().convolveKernelGradient(
            a as tf.Tensor4D,
            b as tf.Tensor4D,
            [kernelHeight, kernelWidth],
            stride,
            padding,
          ),
        ),
      ];
      for (const error of errors) expect(error).toBeLessThan(TOLERANCE);
    }),
    { numRuns: 60, seed: 2 },
  );
});

it('convolves images whose patches are made in several parts', async () => {
  const shapes = [
    [40, 24, 24, 16],
    [4, 4, 16, 8],
  ];
  const padding = { top: 1, bottom: 2, left: 1, right: 2 };
  expect(
    await compare(shapes, (x, kernel) => operations().convolve(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, padding)),
  ).toBeLessThan(TOLERANCE);
});

it('is what the AssemblyScript source compiles to', () => {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const args = [
    path('../../../../tools/compile-assembly.mjs'),
    path('../../assembly/index.ts'),
    path('./binary.ts'),
    '--shared-memory',
    '--relaxed',
    '--check',
  ];
  expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).not.toThrow();
});
