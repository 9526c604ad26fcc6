import type { EngineSpec } from '@nem/core/spec';
import { deriveKey, fillUniform } from '@nem/random';

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

/** [T + 1, batch, pixels]. */
export function frames(spec: EngineSpec, batch: number): Float32Array {
  const count = (spec.objective.stepWeights.length + 1) * batch * spec.image[0] * spec.image[1];
  const values = fillUniform(deriveKey(5, 'frames'), new Float32Array(count));
  return spec.mixture.distribution === 'bernoulli' ? values.map((x) => (x < 0.4 ? 1 : 0)) : values;
}
