import { expect, it } from 'vitest';
import { commandWords } from '../cli/command-words.js';
import type { UsageError } from '../errors.js';
import { findExperiment, parseExperiment } from './index.js';

const mnist = findExperiment('flying-mnist');
const { dataset } = mnist;

it.each([
  [{ batchSize: 'abc' }, 'batchSize is "abc": give an integer.'],
  [{ batchSize: 1.5 }, 'batchSize is 1.5: give an integer.'],
  [{ batchSize: 0 }, 'batchSize is 0: give a number of at least 1.'],
  [{ learningRate: 0 }, 'learningRate is 0: give a number above 0.'],
  [{ gammaGradient: 'on' }, 'gammaGradient is "on": give true or false or loss or mask.'],
  [{ lossSteps: 'first' }, 'lossSteps is "first": give last or all.'],
  [{ noise: { type: 'bitFlip', probability: 2 } }, 'noise.probability is 2: give a number of at most 1.'],
  [{ dataset: { ...dataset, variations: 'many' } }, 'dataset.variations is "many": give an integer or all.'],
  [
    { dataset: { ...dataset, motion: { type: 'subPixel', speed: 3 } } },
    'dataset.motion.speed is 3: give a list of 2 entries.',
  ],
  [
    { dataset: { ...dataset, motion: { type: 'subPixel', speed: [3] } } },
    'dataset.motion.speed.1 is missing: give a number.',
  ],
  [
    { dataset: { ...dataset, motion: { type: 'subPixel', speed: [1, 2, 3] } } },
    'dataset.motion.speed is [1,2,3]: give a list of 2 entries.',
  ],
  [{ batchSize: 1e300 }, 'batchSize is 1e+300: give a number of at most 9007199254740991.'],
  [{ noise: 3 }, 'noise is 3: give an object with type, probability.'],
  [{ stages: [] }, 'stages is []: give a list of at least 1 entries.'],
  [{ dataset: { ...dataset, digits: '' } }, 'dataset.digits is "": give a text of at least 1 characters.'],
  [
    { dataset: { ...dataset, type: 'carpets' } },
    'dataset.type is "carpets": give static-shapes or flying-shapes or flying-mnist or static-mnist or hdf5 or custom.',
  ],
  [{ colour: 1 }, 'the experiment has the unknown field colour: remove it.'],
  [{ colour: 1, shade: 2 }, 'the experiment has the unknown fields colour, shade: remove them.'],
  [{ dataset: { ...dataset, hight: 1, wide: 2 } }, 'dataset has the unknown fields hight, wide: remove them.'],
  [{ stages: [{ rate: 1, colour: 2 }] }, 'stages.0 has the unknown fields rate, colour: remove them.'],
  [
    { noise: { type: 'bitFlip', probability: 0.1, rate: 1, colour: 2 } },
    'noise has the unknown fields rate, colour: remove them.',
  ],
  [
    { network: { ...mnist.network, colour: 1, shade: 2 } },
    'network has the unknown fields colour, shade: remove them; the known fields are type, input, recurrent, output.',
  ],
  [{ mixture: { ...mnist.mixture, colour: 1 } }, 'mixture has the unknown field colour: remove it.'],
  [
    { learningRate: { peak: 0.1, colour: 1, shade: 2 } },
    'learningRate has the unknown fields colour, shade: remove them; the known fields are peak, warmUp, decay.',
  ],
  [{ network: 3 }, "network is 3: give an object whose type is 'rnn-em' or 'n-em'."],
])('%j is refused with a sentence that says what to give', (fields, sentence) => {
  let said: unknown;
  try {
    parseExperiment({ ...mnist, ...fields });
  } catch (error) {
    said = (error as UsageError).sentence(commandWords);
  }
  expect(said).toBe(sentence);
});
