import type { EmStepSpec } from '@nem/core';

/** Names of the networks that run in the page. */
export type ModelName = 'static-shapes' | 'static-shapes-nem';

/** What the page knows of a network before it loads the weights. */
export interface LiveModel {
  readonly label: string;
  /** Shown while it loads. */
  readonly megabytes: number;
  readonly spec: EmStepSpec;
  /** The settings of its training, which a visitor starts from. */
  readonly objects: number;
  readonly components: number;
  readonly noise: number;
  readonly steps: number;
}

const still = { image: [28, 28], mixture: { distribution: 'bernoulli', sigma: 0.25, prior: 0 } } as const;

/** The networks, with the paper's settings (docs/method.md, sections 4 to 6). */
export const MODELS: Readonly<Record<ModelName, LiveModel>> = {
  'static-shapes': {
    label: 'RNN-EM, trained on still shapes',
    megabytes: 0.9,
    spec: {
      ...still,
      network: {
        type: 'rnn-em',
        input: [],
        recurrent: { size: 250, activation: 'sigmoid' },
        output: [{ type: 'dense', size: 784, activation: 'sigmoid' }],
      },
    },
    ...{ objects: 3, components: 4, noise: 0.1, steps: 20 },
  },
  'static-shapes-nem': {
    label: 'N-EM, trained on still shapes',
    megabytes: 0.4,
    spec: { ...still, network: { type: 'n-em', size: 250 } },
    ...{ objects: 3, components: 4, noise: 0.1, steps: 20 },
  },
};
