import type { EngineSpec, LayerSpec, NamedArrays } from '@nem/core';
import { gammaGradients, relativeError, TOLERANCES } from '@nem/core';
import { createTensorFlowEngine } from '@nem/core/tensorflow';
import { deriveKey, fillUniform } from '@nem/random';
import fc from 'fast-check';
import { expect } from 'vitest';
import { required } from './required.js';
import type { WebGpuEngine } from './spec.js';

/** Key of the parameters' initial values. */
export const key = deriveKey(3, 'parameters');
export const randomness = { noise: deriveKey(3, 'noise'), gamma: deriveKey(3, 'gamma') };

/** A tiny network on 5 × 6 images, 2 steps. */
export const small = (over: Partial<EngineSpec> = {}): EngineSpec => ({
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 7, activation: 'sigmoid' },
    output: [{ type: 'dense', size: 30, activation: 'sigmoid' }],
  },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 0.7, stepWeights: [0.5, 1], gammaGradient: true },
  image: [5, 6],
  components: 3,
  noise: { type: 'bitFlip', probability: 0.2 },
  ...over,
});

/** Frames of a batch, [T + 1, batch, pixels]. */
export function frames(spec: EngineSpec, batch: number): Float32Array {
  const count = (spec.objective.stepWeights.length + 1) * batch * spec.image[0] * spec.image[1];
  const values = fillUniform(deriveKey(5, 'frames'), new Float32Array(count));
  return spec.mixture.distribution === 'bernoulli' ? values.map((x) => (x < 0.4 ? 1 : 0)) : values;
}

/** Sizes: half of them any, whose rows are read one element at a time, and half of them multiples of four, read four at a time. */
const size = (most: number) =>
  fc.oneof(
    fc.integer({ min: 1, max: most }),
    fc.integer({ min: 1, max: Math.floor(most / 4) }).map((vectors) => 4 * vectors),
  );

const activation = fc.constantFrom('sigmoid', 'tanh', 'relu', 'elu', 'linear');

/** Networks that have every layer type but inputNorm. Their sizes are not multiples of a tile's. */
export const networks = fc
  .record({
    conv: fc.record({
      size: size(19),
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 3 }),
    }),
    resize: fc.record({
      size: size(18),
      kernel: fc.integer({ min: 1, max: 5 }),
      scale: fc.integer({ min: 1, max: 3 }),
    }),
    dense: size(35),
    hidden: size(21),
    channels: size(5),
    activation,
    layerNorm: fc.boolean(),
    components: fc.integer({ min: 1, max: 6 }),
    batch: fc.integer({ min: 1, max: 5 }),
    gaussian: fc.boolean(),
    gammaGradient: fc.constantFrom(...gammaGradients),
  })
  .map(
    ({
      conv,
      resize,
      dense,
      hidden,
      channels,
      activation: name,
      layerNorm,
      components,
      batch,
      gaussian,
      gammaGradient,
    }) => {
      const [h, w] = [2 * resize.scale, 3 * resize.scale];
      const input: LayerSpec[] = [
        { type: 'reshape', shape: [h, w, 1] },
        { type: 'conv', ...conv, activation: name, layerNorm },
        { type: 'flatten' },
        { type: 'dense', size: dense, activation: 'tanh' },
      ];
      const output: LayerSpec[] = [
        { type: 'dense', size: 6 * channels, activation: name, layerNorm: !layerNorm },
        { type: 'reshape', shape: [2, 3, channels] },
        { type: 'resizeConv', ...resize, activation: 'tanh', layerNorm },
        { type: 'conv', size: 1, kernel: 3, activation: 'sigmoid' },
      ];
      const spec = small({
        network: { type: 'rnn-em', input, recurrent: { size: hidden, activation: 'sigmoid', layerNorm }, output },
        mixture: { distribution: gaussian ? 'gaussian' : 'bernoulli' },
        objective: { interWeight: 0.7, stepWeights: [0.5, 1], gammaGradient },
        image: [h, w],
        components,
      });
      return { spec, batch };
    },
  );

/** Expects the loss and the gradients of the engine cpu, from the same start. */
export async function expectGradients(ours: WebGpuEngine, spec: EngineSpec, batch: number): Promise<void> {
  const data = { frames: frames(spec, batch), batch };
  const expected = await createTensorFlowEngine(spec, key).gradients(data, randomness);
  const found = await ours.gradients(data, randomness);
  expect(relativeError([found.loss], [expected.loss])).toBeLessThan(TOLERANCES.value);
  // Of all parameters together: a parameter whose gradient is zero up to rounding has no useful relative error.
  const flat = (gradients: NamedArrays) =>
    Object.keys(expected.gradients).flatMap((name) =>
      Array.from(required(new Map(Object.entries(gradients)), name).values),
    );
  expect(relativeError(flat(found.gradients), flat(expected.gradients))).toBeLessThan(TOLERANCES.gradient);
}
