import { encodeSafetensors, initializeParameters, type ModelDescription, modelMetadata, networkShape } from '@nem/core';
import { deriveKey } from '@nem/random';

/** An untrained network of 4×6 binary pixels. */
export const stillModel: ModelDescription = {
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 5, activation: 'sigmoid' },
    output: [{ type: 'dense', size: 24, activation: 'sigmoid' }],
  },
  mixture: { distribution: 'bernoulli', sigma: 0.25, prior: 0 },
  image: [4, 6],
  components: 3,
  steps: 4,
  still: true,
  noise: { type: 'bitFlip', probability: 0.1 },
};

/** The same for sequences. */
export const sequenceModel: ModelDescription = { ...stillModel, still: false, steps: 5 };

/** A weights file of an untrained network. */
export function weightsOf(model: ModelDescription, training?: Readonly<Record<string, unknown>>): Uint8Array {
  const { parameters } = networkShape(model.network, model.image[0] * model.image[1]);
  return encodeSafetensors(
    initializeParameters(parameters, deriveKey(1, 'parameters')),
    modelMetadata(model, training),
  );
}

/** Binary images of 4×6 pixels. */
export const images = (count: number) =>
  Float32Array.from({ length: count * 24 }, (_, i) => ((i * 7 + Math.floor(i / 24)) % 5 < 2 ? 1 : 0));
