import type { EngineSpec } from '@nem/core';

/** RNN-EM with 3 hidden values on images of 2 × 3 pixels, K = 2, T = 2. The last layer has a value for each pixel of the image. */
export function tinySpec(over: Partial<EngineSpec> & { readonly hidden?: number } = {}): EngineSpec {
  const { hidden = 3, image = [2, 3], ...others } = over;
  return {
    network: {
      type: 'rnn-em',
      input: [],
      recurrent: { size: hidden, activation: 'sigmoid' },
      output: [{ type: 'dense', size: image[0] * image[1], activation: 'sigmoid' }],
    },
    mixture: { distribution: 'bernoulli' },
    objective: { interWeight: 1, stepWeights: [1, 1], gammaGradient: false },
    image,
    components: 2,
    noise: { type: 'bitFlip', probability: 0.1 },
    ...others,
  };
}
