import { expect, it } from 'vitest';
import { type ModelDescription, ModelMetadataError, modelMetadata, readModelMetadata } from './model-description.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

const model: ModelDescription = {
  network: { type: 'n-em', size: 3 },
  mixture: { distribution: 'bernoulli', sigma: 0.25, prior: 0 },
  image: [2, 3],
  components: 4,
  steps: 15,
  still: true,
  noise: { type: 'bitFlip', probability: 0.1 },
};

it('goes through a safetensors file', () => {
  const training = { engine: 'wasm', seed: 0, scores: { ami: 0.75 } };
  const { metadata } = decodeSafetensors(encodeSafetensors({}, modelMetadata(model, training)));
  expect(readModelMetadata(metadata)).toEqual({ model, training });
  expect(readModelMetadata(modelMetadata(model))).toEqual({ model });
});

it('finds nothing in a file of an older version', () => {
  expect(readModelMetadata({ sha256: '00' })).toBeUndefined();
});

it.each([
  [{ ...model, image: [2] }, 'the image of the model is a list: give [height, width] in pixels, e.g. [28, 28].'],
  [{ ...model, network: { type: 'n-em', size: 0 } }, 'the size of network is 0: give an integer of at least 1.'],
  [{ ...model, steps: undefined }, 'the steps of the model is missing: give an integer of at least 1.'],
  [{ ...model, extra: 1 }, "the model has the unknown field 'extra'"],
])('refuses a wrong description', (wrong, sentence) => {
  expect(() => modelMetadata(wrong as unknown as ModelDescription)).toThrow(ModelMetadataError);
  expect(() => readModelMetadata({ model: JSON.stringify(wrong) })).toThrow(sentence);
});

it('refuses what is not JSON, and more than a description has', () => {
  expect(() => readModelMetadata({ model: '{' })).toThrow(
    /^the metadata entry model cannot be read as JSON because there is its end at character 1 .*: write it again\.$/,
  );
  expect(() => readModelMetadata({ ...modelMetadata(model), training: '5' })).toThrow(
    new ModelMetadataError('the training of the model is 5: give an object.'),
  );
  expect(() => readModelMetadata({ model: `"${'a'.repeat(2 ** 18)}"` })).toThrow(ModelMetadataError);
});

const itself: Record<string, unknown> = {};
itself.again = itself;

it.each<[string, unknown, string]>([
  ['a text', '5', "the training of the model is '5': give an object."],
  ['a list', [1], 'the training of the model is a list: give an object.'],
  ['nothing', null, 'the training of the model is null: give an object.'],
  [
    'too many values',
    { epochs: new Array(5000).fill(0) },
    'because it has more than 4096 values: give less, or other values.',
  ],
  ['too much text', { log: 'a'.repeat(2 ** 18) }, 'because it has more than 262144 characters: give less'],
  ['a bigint', { seed: 1n }, 'because it has a value that JSON does not have, such as a bigint: give less'],
  ['itself', itself, 'because it has a value that JSON does not have'],
])('does not write what it would not read: a training that is or has %s', (_, training, sentence) => {
  const write = () => modelMetadata(model, training as Record<string, unknown>);
  expect(write).toThrow(ModelMetadataError);
  expect(write).toThrow(sentence);
});
