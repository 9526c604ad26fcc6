import type { EmStepSpec, NoiseSpec } from '@nem/core';

/** Names of the networks that run in the page. */
export type ModelName = 'static-shapes' | 'static-shapes-nem' | 'flying-shapes-3';

/** What the page knows of a network before it loads the weights. */
export interface LiveModel {
  readonly label: string;
  /** Shown while it loads. */
  readonly megabytes: number;
  readonly spec: EmStepSpec;
  /** Whether it was trained on sequences. */
  readonly moving: boolean;
  /** The settings of its training, which a visitor starts from. */
  readonly objects: number;
  readonly components: number;
  readonly noise: number;
  readonly steps: number;
  /** What it scores on the test set, and after what training. */
  readonly trained: string;
}

const still = { image: [28, 28], mixture: { distribution: 'bernoulli', sigma: 0.25, prior: 0 } } as const;

const flyingNetwork: EmStepSpec['network'] = {
  type: 'rnn-em',
  input: [
    { type: 'reshape', shape: [28, 28, 1] },
    { type: 'conv', size: 32, kernel: 4, stride: 2, activation: 'elu', layerNorm: true },
    { type: 'conv', size: 64, kernel: 4, stride: 2, activation: 'elu', layerNorm: true },
    { type: 'flatten' },
    { type: 'dense', size: 512, activation: 'elu', layerNorm: true },
  ],
  recurrent: { size: 100, activation: 'sigmoid', layerNorm: true },
  output: [
    { type: 'dense', size: 512, activation: 'relu', layerNorm: true },
    { type: 'dense', size: 7 * 7 * 64, activation: 'relu', layerNorm: true },
    { type: 'reshape', shape: [7, 7, 64] },
    { type: 'resizeConv', size: 32, kernel: 4, activation: 'relu', layerNorm: true },
    { type: 'resizeConv', size: 1, kernel: 4, activation: 'sigmoid' },
  ],
};

/** The networks, with the paper's settings (docs/method.md, sections 4 to 6). */
export const MODELS: Readonly<Record<ModelName, LiveModel>> = {
  'static-shapes': {
    label: 'RNN-EM, trained on still shapes',
    megabytes: 1.8,
    spec: {
      ...still,
      network: {
        type: 'rnn-em',
        input: [],
        recurrent: { size: 250, activation: 'sigmoid' },
        output: [{ type: 'dense', size: 784, activation: 'sigmoid' }],
      },
    },
    ...{ moving: false, objects: 3, components: 4, noise: 0.1, steps: 20 },
    trained: '',
  },
  'flying-shapes-3': {
    label: 'RNN-EM, trained on flying shapes',
    megabytes: 6.8,
    spec: { ...still, network: flyingNetwork },
    ...{ moving: true, objects: 3, components: 3, noise: 0.2, steps: 20 },
    trained: '',
  },
  'static-shapes-nem': {
    label: 'N-EM, trained on still shapes',
    megabytes: 0.8,
    spec: { ...still, network: { type: 'n-em', size: 250 } },
    ...{ moving: false, objects: 3, components: 4, noise: 0.1, steps: 20 },
    trained: '',
  },
};
