import type { EngineSpec, ModelDescription, NetworkSpec } from '@nem/core';

/** The two algorithms. */
export type Algorithm = 'rnn-em' | 'n-em';

/** What a visitor chooses before a training starts. */
export interface TrainSettings {
  readonly network: NetworkSpec;
  readonly components: number;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Probability that a pixel flips. */
  readonly noise: number;
  readonly seed: number;
}

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** M: a smaller hidden state than the paper's 250, so that a visitor sees it learn. */
const HIDDEN = 100;

const NETWORKS: Readonly<Record<Algorithm, NetworkSpec>> = {
  'rnn-em': {
    type: 'rnn-em',
    input: [],
    recurrent: { size: HIDDEN, activation: 'sigmoid' },
    output: [{ type: 'dense', size: PIXELS, activation: 'sigmoid' }],
  },
  'n-em': { type: 'n-em', size: HIDDEN },
};

/** Settings with which the network learns within minutes on one core. */
export const settingsOf = (algorithm: Algorithm, learningRate: number, seed: number): TrainSettings => ({
  ...{ network: NETWORKS[algorithm], learningRate, seed },
  ...{ components: 4, steps: 10, batch: 16, noise: 0.1 },
});

/** What an engine is made for; trained on the last step, as still images are (docs/method.md, section 3). */
export function engineSpec({ network, components, steps, learningRate, noise }: TrainSettings): EngineSpec {
  return {
    network,
    components,
    mixture: { distribution: 'bernoulli' },
    objective: {
      interWeight: 1,
      stepWeights: Array.from({ length: steps }, (_, t) => (t === steps - 1 ? 1 : 0)),
      gammaGradient: false,
    },
    image: [SIDE, SIDE],
    noise: { type: 'bitFlip', probability: noise },
    optimizer: { learningRate },
  };
}

/** What a file of these weights says of them. */
export const description = ({ network, components, steps, noise }: TrainSettings): ModelDescription => ({
  ...{ network, components, steps, still: true },
  mixture: { distribution: 'bernoulli' },
  image: [SIDE, SIDE],
  noise: { type: 'bitFlip', probability: noise },
});
