import type { Experiment } from './schema.js';

/** RNN-EM on static shapes (method, sections 4 to 6). */
export const staticShapesRnnEm: Experiment = {
  name: 'static-shapes',
  description: 'RNN-EM on still images of three shapes, K = 4 (paper: AMI 0.826 ± 0.005).',
  dataset: {
    type: 'static-shapes',
    objects: 3,
    height: 28,
    width: 28,
    training: 50_000,
    validation: 10_000,
    test: 10_000,
  },
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 250, activation: 'sigmoid', layerNorm: false },
    output: [{ type: 'dense', size: 784, activation: 'sigmoid', layerNorm: false }],
  },
  mixture: { distribution: 'bernoulli', sigma: 0.25, prior: 0 },
  components: 4,
  steps: 15,
  noise: { type: 'bitFlip', probability: 0.1 },
  interWeight: 1,
  lossSteps: 'last',
  gammaGradient: false,
  learningRate: 0.001,
  batchSize: 64,
  epochs: 500,
  patience: 10,
  validationInputs: 1000,
};

/** N-EM on the same images. */
const staticShapesNem: Experiment = {
  ...staticShapesRnnEm,
  name: 'static-shapes-nem',
  description: 'N-EM on still images of three shapes, K = 4 (paper: AMI 0.475 ± 0.043).',
  network: { type: 'n-em', size: 250 },
};

/** Static shapes by both algorithms. */
export const staticShapesExperiments: readonly Experiment[] = [staticShapesRnnEm, staticShapesNem];
