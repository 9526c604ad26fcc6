import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { deriveKey, fillNormal, fillUniform } from '@nem/random';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LAYER_NORM_EPSILON } from '../model/epsilons.js';
import type { MixtureSpec } from '../model/mixture/distributions.js';
import { activationNames } from '../model/network/activation-names.js';
import { relativeError } from '../model/verify/verify.js';
import { chooseOperations as operations } from '../tensorflow/ops/choose-operations.js';
import { GradientSums } from '../tensorflow/ops/gradient-sums.js';
import { linear } from '../tensorflow/ops/linear.js';
import { normalizeRows } from '../tensorflow/ops/normalize-rows.js';
import { resizeConvolve, resizeConvolveGradient } from '../tensorflow/ops/resize-convolution.js';
import { registerWasmKernels } from './index.js';

const TOLERANCE = 2e-5;
let seed = 0;

type Values = readonly [shape: number[], values: Float32Array];

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const normal = (...shape: number[]): Values => [
  shape,
  fillNormal(deriveKey(5, 'fused', seed++), new Float32Array(count(shape))),
];
/** Open intervals, so that no logarithm is of 0. */
const uniform = (...shape: number[]): Values => [
  shape,
  fillUniform(deriveKey(5, 'fused', seed++), new Float32Array(count(shape))).map((u) => 0.01 + 0.98 * u),
];
const bits = (...shape: number[]): Values => [shape, uniform(...shape)[1].map((u) => (u < 0.5 ? 0 : 1))];

/** As many of another type. */
type Each<T extends readonly unknown[], Of> = { [I in keyof T]: Of };

/** What is run on a backend: tensors of some values in, results out. */
type Run<V extends readonly Values[], R extends readonly tf.Tensor[]> = (tensors: Each<V, tf.Tensor>) => R;

/** What `run` gives on a backend, as plain numbers; it leaves no tensor behind. */
async function on<const V extends readonly Values[], const R extends readonly tf.Tensor[]>(
  backend: string,
  values: V,
  run: Run<V, R>,
) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results: Float32Array[] = [];
  tf.tidy(() => {
    const tensors = values.map(([shape, array]) => tf.tensor(array.slice(), shape));
    for (const tensor of run(tensors as Each<V, tf.Tensor>)) results.push(tensor.dataSync().slice() as Float32Array);
  });
  expect(tf.memory().numTensors).toBe(before);
  return results as Each<R, Float32Array>;
}

/** The fused kernels against the composite form on the plain JavaScript backend. */
async function agree<const V extends readonly Values[]>(values: V, run: Run<V, tf.Tensor[]>): Promise<void> {
  const expected = await on('cpu', values, run);
  const ours = await on('wasm', values, run);
  expect(ours.length).toBe(expected.length);
  for (const [i, array] of ours.entries()) expect(relativeError(array, expected[i] ?? [])).toBeLessThan(TOLERANCE);
}

/** The sums that `run` adds to, twice, so that they are added to and not set; then its results. */
function withSums(run: (sums: GradientSums) => tf.Tensor[], names: readonly string[]): tf.Tensor[] {
  const sums = new GradientSums();
  run(sums);
  const results = run(sums);
  const totals = names.map((name) => tf.clone(sums.get(name) as tf.Tensor));
  sums.dispose();
  return [...results, ...totals];
}

beforeAll(async () => {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(main)}/`);
  registerWasmKernels();
});
afterAll(() => tf.removeBackend('wasm'));

const size = (max: number) => fc.integer({ min: 1, max });
const activation = fc.constantFrom(...activationNames);
const check = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, test), { numRuns: 40, seed: 3 });

it('activates, and goes back with the sum of the bias', () =>
  check(fc.record({ rows: size(9), channels: size(9), activation }), async ({ rows, channels, activation: name }) => {
    await agree([normal(rows, channels), normal(rows, channels)], ([x, dy]) => {
      const y = operations().activate(name, x);
      const gradients = withSums(
        (sums) => [operations().activateGradientWithBias(name, dy, y, sums, 'bias')],
        ['bias'],
      );
      return [y, operations().activateGradient(name, dy, y), ...gradients];
    });
  }));

it('normalises with gain, offset and activation, and goes back with the sums of all three parameters', () =>
  check(
    fc.record({ rows: size(4), pixels: size(5), channels: fc.integer({ min: 2, max: 11 }), activation }),
    async ({ rows, pixels, channels, activation: name }) => {
      // Of fewer values the gradient is all but 0, and only rounding is left.
      fc.pre(pixels * channels > 3);
      const shape = [rows, pixels, channels];
      await agree([normal(...shape), normal(...shape), normal(channels), normal(channels)], ([x, dy, gain, offset]) => {
        const result = operations().normActivate(name, x, { gain, offset });
        const names = { gain: 'gain', offset: 'offset', bias: 'bias' };
        return [
          result.y,
          ...withSums(
            (sums) => [operations().normActivateGradient(name, dy, result, gain, sums, names)],
            ['gain', 'offset', 'bias'],
          ),
        ];
      });
    },
  ));

it('normalises as the definition has it', async () => {
  await agree([normal(3, 24), uniform(4), normal(4)], ([x, gain, offset]) => {
    const image = tf.reshape(x, [3, 6, 4]);
    if (tf.getBackend() === 'wasm') return [operations().normActivate('tanh', image, { gain, offset }).y];
    const { normalized } = normalizeRows(x as tf.Tensor2D, LAYER_NORM_EPSILON);
    return [tf.tanh(tf.add(tf.mul(tf.reshape(normalized, [3, 6, 4]), gain), offset))];
  });
});

const mixtures = fc.oneof(
  fc.record({ distribution: fc.constant('bernoulli' as const), prior: fc.constantFrom(0, 0.3) }),
  fc.record({
    distribution: fc.constant('gaussian' as const),
    prior: fc.constantFrom(0, 0.4),
    sigma: fc.constantFrom(0.25, 1),
  }),
);

it('assigns pixels, sums the losses and goes back to ψ', () =>
  check(
    fc.record({
      mixture: mixtures,
      batch: size(3),
      components: size(6),
      pixels: size(11),
      weight: fc.constantFrom(0, 0.7),
    }),
    async ({ mixture, batch, components, pixels, weight }) => {
      const model = () => operations().mixture(mixture as MixtureSpec);
      const shape = [batch, components, pixels];
      await agree([bits(batch, pixels), uniform(...shape), normal(...shape)], ([frame, prediction, next]) => {
        const x = frame as tf.Tensor2D;
        const psi = prediction as tf.Tensor3D;
        const gamma = model().assign(x, psi);
        const { intra, inter } = model().losses(x, psi, gamma, batch);
        const upper = model().upperLoss(x, psi, batch);
        const weights = { weight, interWeight: 0.2 };
        return [
          gamma,
          tf.tensor([intra, inter, upper]),
          operations().maskedDifference(x, psi, gamma),
          model().predictionGradient(x, psi, gamma, weights, undefined),
          model().predictionGradient(x, psi, gamma, weights, next as tf.Tensor3D),
        ];
      });
    },
  ));

it('cuts the logarithms of a certain ψ, and their gradient', async () => {
  const model = () => operations().mixture({ distribution: 'bernoulli' });
  const psi: Values = [[1, 2, 3], Float32Array.of(0, 1, 1e-7, 1, 0, 0.5)];
  await agree([[[1, 3], Float32Array.of(1, 0, 1)], psi], ([frame, prediction]) => {
    const x = frame as tf.Tensor2D;
    const gamma = model().assign(x, prediction as tf.Tensor3D);
    const { intra, inter } = model().losses(x, prediction as tf.Tensor3D, gamma, 1);
    const upper = model().upperLoss(x, prediction as tf.Tensor3D, 1);
    const weights = { weight: 1, interWeight: 1 };
    const gradient = model().predictionGradient(x, prediction as tf.Tensor3D, gamma, weights, undefined);
    return [tf.tensor([intra, inter, upper]), gradient];
  });
});

it('lets what is not a number through', async () => {
  const model = () => operations().mixture({ distribution: 'bernoulli' });
  const psi: Values = [[1, 1, 5], Float32Array.of(0.5, 0.5, 0.5, 0.5, Number.NaN)];
  const [losses, activated] = await on('wasm', [bits(1, 5), psi], ([x, prediction]) => {
    const gamma = model().assign(x as tf.Tensor2D, prediction as tf.Tensor3D);
    const { intra } = model().losses(x as tf.Tensor2D, prediction as tf.Tensor3D, gamma, 1);
    return [
      tf.tensor([intra]),
      tf.concat(activationNames.map((name) => operations().activate(name, tf.reshape(prediction, [5])))),
    ];
  });
  expect(losses[0]).toBeNaN();
  expect([...activated].filter(Number.isNaN).length).toBe(activationNames.length);
});

it('multiplies with a bias and adds transposed products to a sum', () =>
  check(fc.record({ rows: size(40), inputs: size(40), outputs: size(20) }), async ({ rows, inputs, outputs }) => {
    await agree(
      [normal(rows, inputs), normal(inputs, outputs), normal(outputs), normal(rows, outputs)],
      ([x, weights, bias, dy]) => [
        linear(x as tf.Tensor2D, weights as tf.Tensor2D, bias as tf.Tensor1D),
        ...withSums(
          (sums) => {
            operations().addTransposedProduct(sums, 'weights', x as tf.Tensor2D, dy as tf.Tensor2D);
            return [];
          },
          ['weights'],
        ),
      ],
    );
  }));

it('multiplies two inputs side by side, and goes back to both', () =>
  check(
    fc.record({ rows: size(9), inputs: size(20), hidden: size(20), outputs: size(20) }),
    async ({ rows, inputs, hidden, outputs }) => {
      await agree(
        [
          normal(rows, inputs),
          normal(rows, hidden),
          normal(inputs + hidden, outputs),
          normal(outputs),
          normal(rows, outputs),
        ],
        ([x, h, matrix, bias, dy]) => {
          const weights = matrix as tf.Tensor2D;
          const { z, saved } = operations().joinedLinear(
            x as tf.Tensor2D,
            h as tf.Tensor2D,
            weights,
            bias as tf.Tensor1D,
          );
          const dz = dy as tf.Tensor2D;
          return [
            z,
            ...withSums(
              (sums) => {
                const gradients = operations().joinedLinearGradient(dz, saved, weights, inputs, sums, 'weights');
                return [gradients.x, gradients.h];
              },
              ['weights'],
            ),
          ];
        },
      );
    },
  ));

it('enlarges and convolves in one, and goes back', () =>
  check(
    fc.record({
      images: size(2),
      height: size(4),
      width: size(4),
      channels: size(4),
      outputs: size(5),
      kernel: size(5),
      scale: size(3),
    }),
    async ({ images, height, width, channels, outputs, kernel, scale }) => {
      const out = [images, height * scale, width * scale, outputs];
      await agree(
        [
          normal(images, height, width, channels),
          normal(kernel, kernel, channels, outputs),
          normal(outputs),
          normal(...out),
        ],
        ([image, weights, bias, dy]) => {
          const x = image as tf.Tensor4D;
          const filter = weights as tf.Tensor4D;
          return [
            resizeConvolve(operations(), x, filter, scale, bias as tf.Tensor1D),
            ...withSums(
              (sums) => [resizeConvolveGradient(operations(), x, filter, dy as tf.Tensor4D, scale, sums, 'kernel')],
              ['kernel'],
            ),
          ];
        },
      );
    },
  ));

it('enlarges and convolves as two operations do', async () => {
  await agree([normal(2, 3, 4, 2), normal(4, 4, 2, 3), normal(3)], ([image, weights, bias]) => {
    const x = image as tf.Tensor4D;
    if (tf.getBackend() === 'wasm')
      return [resizeConvolve(operations(), x, weights as tf.Tensor4D, 2, bias as tf.Tensor1D)];
    const enlarged = tf.image.resizeNearestNeighbor(x, [6, 8]);
    return [tf.add(tf.conv2d(enlarged, weights as tf.Tensor4D, 1, 'same'), bias)];
  });
});

it('adds the gradients of kernels to a sum', async () => {
  const padding = { top: 1, bottom: 1, left: 1, right: 1 };
  await agree([normal(2, 6, 6, 3), normal(2, 3, 3, 5)], ([x, dy]) =>
    withSums(
      (sums) => {
        operations().addKernelGradient(sums, 'kernel', x as tf.Tensor4D, dy as tf.Tensor4D, [4, 4], 2, padding);
        return [];
      },
      ['kernel'],
    ),
  );
});
