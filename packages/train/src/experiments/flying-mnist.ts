import type { NetworkSpec } from '@nem/core';
import { DEFAULT_MOTION } from '@nem/datasets';
import { conv, resizeConv, resizeConvToPixels } from './layers.js';
import type { Experiment } from './schema.js';
import { staticShapesRnnEm } from './static-shapes.js';

/** The network for flying MNIST (method, section 4). */
const network: NetworkSpec = {
  type: 'rnn-em',
  input: [
    { type: 'inputNorm' },
    { type: 'reshape', shape: [24, 24, 1] },
    conv(32),
    conv(64),
    conv(128),
    { type: 'flatten' },
    { type: 'dense', size: 512, activation: 'elu', layerNorm: true },
  ],
  recurrent: { size: 250, activation: 'sigmoid', layerNorm: true },
  output: [
    { type: 'dense', size: 512, activation: 'relu', layerNorm: true },
    { type: 'dense', size: 3 * 3 * 128, activation: 'relu', layerNorm: true },
    { type: 'reshape', shape: [3, 3, 128] },
    resizeConv(64),
    resizeConv(32),
    resizeConvToPixels('linear'),
    { type: 'flatten' },
  ],
};

/**
 * Which digits there are and what belongs to them. No score near the paper's can be had where the faintest pixels count: one network for
 * each digit, told which is its own, has an AMI of 0.25 there, and 0.94 over pixels of more than half the full brightness (docs/recipes.md).
 */
const digits = { variations: 'all', digits: 'auto', groupThreshold: 0.5 } as const;

const image = { height: 24, width: 24, training: 50_000, validation: 10_000, test: 10_000 } as const;

const flyingMnist = (objects: number): Experiment => ({
  ...staticShapesRnnEm,
  name: 'flying-mnist',
  description: `RNN-EM on sequences of ${objects} flying digits, K = ${objects} (paper: AMI 0.819 ± 0.022).`,
  dataset: {
    type: 'flying-mnist',
    objects,
    ...digits,
    frames: 21,
    motion: DEFAULT_MOTION,
    ...image,
  },
  network,
  mixture: { distribution: 'gaussian', sigma: 0.25, prior: 0 },
  components: objects,
  steps: 20,
  noise: { type: 'maskedUniform', probability: 0.2 },
  interWeight: 0.2,
  lossSteps: 'all',
  learningRate: 0.0005,
});

const two = flyingMnist(2);

/** Flying MNIST with 2 and 3 digits, in stages, and still digits for the transfer test (method, sections 4 to 8). */
export const flyingMnistExperiments: readonly Experiment[] = [
  two,
  {
    ...flyingMnist(3),
    name: 'flying-mnist-3',
    description: 'RNN-EM on sequences of 3 flying digits, K = 3 (the paper tests its networks of 2 digits on them).',
  },
  {
    ...two,
    name: 'flying-mnist-stages',
    description: 'Flying MNIST in three stages: 20 variations, 500, then all (paper: AMI 0.917 ± 0.005).',
    stages: [
      { dataset: { variations: 20 }, learningRate: 0.001 },
      { dataset: { variations: 500 }, learningRate: 0.0005 },
      { dataset: { variations: 'all' }, learningRate: 0.0005 },
    ],
  },
  {
    ...two,
    name: 'static-mnist',
    description: 'Two still digits, 50 steps: where networks trained on flying digits are tested.',
    dataset: { type: 'static-mnist', objects: 2, ...digits, ...image },
    steps: 50,
    lossSteps: 'last',
  },
];
