import { type EngineSpec, gammaGradients, type LayerSpec } from '@nem/core';
import { deriveKey, fillUniform } from '@nem/random';
import fc from 'fast-check';

/** Key of the parameters' initial values. */
export const key = deriveKey(3, 'parameters');
export const randomness = { noise: deriveKey(3, 'noise'), gamma: deriveKey(3, 'gamma') };

/** Frames of a batch, [T + 1 or 1, batch, pixels]. */
export function frames(spec: EngineSpec, batch: number, still = false): Float32Array {
  const count = (still ? 1 : spec.objective.stepWeights.length + 1) * batch * spec.image[0] * spec.image[1];
  const values = fillUniform(deriveKey(5, 'frames'), new Float32Array(count));
  return spec.mixture.distribution === 'bernoulli' ? values.map((x) => (x < 0.4 ? 1 : 0)) : values;
}

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

const size = (most: number) => fc.integer({ min: 1, max: most });
const activation = fc.constantFrom('sigmoid', 'tanh', 'relu', 'elu', 'linear');
const kernel = size(5);

const parts = fc.record({
  conv: fc.record({ size: size(19), kernel, stride: size(3) }),
  resize: fc.record({ size: size(18), kernel, scale: size(3) }),
  dense: size(35),
  hidden: size(21),
  channels: size(5),
  activation,
  layerNorm: fc.boolean(),
  lastNorm: fc.boolean(),
  inputNorm: fc.boolean(),
  components: size(6),
  batch: size(5),
  mixture: fc.constantFrom<EngineSpec['mixture']>(
    { distribution: 'bernoulli', prior: 0.1 },
    { distribution: 'gaussian', sigma: 0.5, prior: 0.2 },
  ),
  gammaGradient: fc.constantFrom(...gammaGradients),
  still: fc.boolean(),
  stepWeights: fc.constantFrom([0.5, 1], [1], [0, 0, 2], [1, 0.5, 0]),
  shape: fc.constantFrom('both', 'dense', 'convolutions', 'none'),
});

type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

function inputLayers(
  { conv, dense, activation, layerNorm, inputNorm, shape }: Parts,
  h: number,
  w: number,
): LayerSpec[] {
  const norm: LayerSpec[] = inputNorm ? [{ type: 'inputNorm' }] : [];
  if (shape === 'none') return norm;
  const convolutions: LayerSpec[] = [
    { type: 'reshape', shape: [h, w, 1] },
    { type: 'conv', ...conv, activation, layerNorm },
    { type: 'conv', size: 3, kernel: 2, activation: 'elu', layerNorm: !layerNorm },
    { type: 'flatten' },
  ];
  const last: LayerSpec = { type: 'dense', size: dense, activation: 'tanh', layerNorm };
  return [...norm, ...(shape === 'dense' ? [] : convolutions), ...(shape === 'convolutions' ? [] : [last])];
}

function outputLayers(
  { resize, channels, activation, layerNorm, lastNorm, shape }: Parts,
  pixels: number,
): LayerSpec[] {
  const last = { activation: 'sigmoid', layerNorm: lastNorm } as const;
  if (shape === 'none') return [{ type: 'dense', size: pixels, ...last }];
  return [
    { type: 'dense', size: 6 * channels, activation, layerNorm: !layerNorm },
    { type: 'reshape', shape: [2, 3, channels] },
    { type: 'resizeConv', ...resize, activation: 'tanh', layerNorm },
    { type: 'conv', size: 1, kernel: 3, ...last },
  ];
}

/** Networks with every layer type, whose sizes are no multiples of a vector's. */
export const networks = parts.map((of) => {
  const [h, w] = [2 * of.resize.scale, 3 * of.resize.scale];
  const { hidden, layerNorm, mixture, components, batch, gammaGradient, stepWeights, still } = of;
  const recurrent = { size: hidden, activation: 'sigmoid', layerNorm } as const;
  const spec = small({
    network: { type: 'rnn-em', input: inputLayers(of, h, w), recurrent, output: outputLayers(of, h * w) },
    mixture,
    objective: { interWeight: 0.7, stepWeights, gammaGradient },
    image: [h, w],
    components,
    initialPrediction: 0.1,
  });
  return { spec, batch, still };
});
