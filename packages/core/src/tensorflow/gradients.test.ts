import { deriveKey, fillUniform } from '@nem/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { EngineSpec } from '../model/engine/engine.js';
import type { LayerSpec } from '../model/network/layer-types.js';
import type { NetworkSpec } from '../model/network/network.js';
import { required } from '../model/network/required.js';
import type { NamedArrays } from '../model/weights/safetensors.js';
import { createTensorFlowEngine } from './engine.js';

beforeAll(async () => {
  tf.env().set('IS_TEST', true);
  await tf.setBackend('cpu');
});

// Smooth ones: at the kink of a ReLU a difference quotient is not the gradient.
const activation = fc.constantFrom('sigmoid', 'tanh', 'elu', 'linear');
const size = fc.integer({ min: 2, max: 5 });
const kernel = fc.integer({ min: 1, max: 4 });

const dense = fc.record({ type: fc.constant('dense' as const), size, activation, layerNorm: fc.boolean() });
const conv = fc.record({
  type: fc.constant('conv' as const),
  size: fc.integer({ min: 1, max: 3 }),
  kernel,
  stride: fc.integer({ min: 1, max: 3 }),
  activation,
  layerNorm: fc.boolean(),
});

/** Layers from an image's pixels to a vector. */
const encoder = ([height, width]: readonly [number, number]) =>
  fc
    .record({ norm: fc.boolean(), convs: fc.array(conv, { maxLength: 2 }), denses: fc.array(dense, { maxLength: 1 }) })
    .map(({ norm, convs, denses }): LayerSpec[] => [
      ...(norm ? [{ type: 'inputNorm' } as const] : []),
      { type: 'reshape', shape: [height, width, 1] },
      ...convs,
      { type: 'flatten' },
      ...denses,
    ]);

/** Layers to an image's pixels: dense, or by way of a small image that is enlarged. */
const decoder = ([height, width]: readonly [number, number], last: 'sigmoid' | 'linear') =>
  fc.oneof(
    fc.constant<LayerSpec[]>([{ type: 'dense', size: height * width, activation: last }]),
    fc
      .record({ kernel, activation, layerNorm: fc.boolean() })
      .map(({ kernel: taps, ...end }): LayerSpec[] => [
        { type: 'dense', size: (height / 2) * (width / 2) * 2, ...end },
        { type: 'reshape', shape: [height / 2, width / 2, 2] },
        { type: 'resizeConv', size: 1, kernel: taps, scale: 2, activation: last },
        { type: 'flatten' },
      ]),
  );

const spec = fc
  .record({
    image: fc.constantFrom<readonly [number, number]>([4, 6], [6, 4], [2, 4]),
    distribution: fc.constantFrom('bernoulli' as const, 'gaussian' as const),
    components: fc.integer({ min: 1, max: 4 }),
    stepWeights: fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 1, maxLength: 3 }).map((weights) => [...weights, 1]),
    interWeight: fc.constantFrom(0, 0.2, 1),
    prior: fc.constantFrom(0, 0.3),
    nem: fc.boolean(),
  })
  .chain(({ image, distribution, components, stepWeights, interWeight, prior, nem }) => {
    const network: fc.Arbitrary<NetworkSpec> =
      nem && distribution === 'bernoulli'
        ? fc.record({ type: fc.constant('n-em' as const), size })
        : fc.record({
            type: fc.constant('rnn-em' as const),
            input: encoder(image),
            recurrent: fc.record({ size, activation, layerNorm: fc.boolean() }),
            output: decoder(image, distribution === 'bernoulli' ? 'sigmoid' : 'linear'),
          });
    return network.map(
      (net): EngineSpec => ({
        network: net,
        mixture: { distribution, sigma: 0.7, prior },
        // Without the gradient through γ the total is no function's gradient, except for one component, whose γ is 1.
        objective: { interWeight, stepWeights, gammaGradient: components > 1 },
        image,
        components,
        noise: { type: 'bitFlip', probability: 0.1 },
      }),
    );
  });

const along = (start: Float32Array, direction: Float32Array, by: number) =>
  start.map((value, i) => value + by * direction[i]!);

function moved(parameters: NamedArrays, gradients: NamedArrays, by: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, values }]) => [
      name,
      { shape, values: along(values, required(gradients, name).values, by) },
    ]),
  );
}

const norm = (arrays: NamedArrays) =>
  Math.sqrt(Object.values(arrays).reduce((sum, { values }) => sum + values.reduce((part, x) => part + x * x, 0), 0));

/** Parameters away from their start, at which biases are 0 and gains 1. */
function perturbed(parameters: NamedArrays, seed: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, values }], i) => {
      const noise = fillUniform(deriveKey(seed, 'perturbation', i), new Float32Array(values.length));
      return [name, { shape, values: values.map((value, j) => value + 0.4 * (noise[j]! - 0.5)) }];
    }),
  );
}

it('are those of the loss, by a difference quotient along them, for any network', async () => {
  await fc.assert(
    fc.asyncProperty(spec, fc.integer({ min: 0, max: 1000 }), async (engineSpec, seed) => {
      const engine = createTensorFlowEngine(engineSpec, deriveKey(seed, 'parameters'));
      const batch = 2;
      const pixels = engineSpec.image[0] * engineSpec.image[1];
      const frames = fillUniform(
        deriveKey(seed, 'frames'),
        new Float32Array((engineSpec.objective.stepWeights.length + 1) * batch * pixels),
      ).map((value) => (engineSpec.mixture.distribution === 'bernoulli' ? Math.round(value) : value));
      const keys = { noise: deriveKey(seed, 'noise'), gamma: deriveKey(seed, 'gamma') };
      const parameters = perturbed(await engine.parameters(), seed);
      engine.setParameters(parameters);
      const { loss, gradients } = await engine.gradients({ frames, batch }, keys);
      const length = norm(gradients);
      fc.pre(length > 1e-3 * loss);
      const lossAt = async (distance: number) => {
        engine.setParameters(moved(parameters, gradients, distance / length));
        return (await engine.infer({ frames, batch }, keys)).loss;
      };
      // Far enough that float32's rounding of the loss does not matter, near enough that curvature does not.
      const quotients: number[] = [];
      for (const step of [3e-3, 1e-2, 3e-2])
        quotients.push(((await lossAt(step)) - (await lossAt(-step))) / (2 * step));
      const errors = quotients.map((quotient) => Math.abs(quotient / length - 1));
      expect(Math.min(...errors)).toBeLessThan(0.01);
      engine.dispose();
    }),
    { numRuns: 80, seed: 4 },
  );
});
