import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeVector, parseVector, VectorError } from './vector.js';

const seeded = { seed: 20170803 };
const vectors = fileURLToPath(new URL('../../../vectors', import.meta.url));
const read = (name: string) => readFileSync(join(vectors, name));

/** A whole vector of 2 × 2 pixels, K = 1, one step. */
const small = JSON.stringify({
  name: 'small',
  image: [2, 2],
  batch: 1,
  components: 1,
  steps: 1,
  stepWeights: [1],
  distribution: 'bernoulli',
  interWeight: 1,
  gammaGradient: false,
  network: {
    input: [],
    recurrent: { size: 1, activation: 'sigmoid', ln: false },
    output: [{ type: 'dense', size: 4, activation: 'sigmoid', ln: false }],
  },
  parameters: {
    'recurrent.weights': { shape: [5, 1], values: [0.5, -1, 2, 0.25, 1], gradient: [[0], [0], [0], [0], [0]] },
    'recurrent.bias': { shape: [1], values: [0], gradient: [0] },
    'output.0.weights': { shape: [1, 4], values: [[1, 2, 3, 4]], gradient: [[0, 0, 0, 0]] },
    'output.0.bias': { shape: [4], values: [0, 0, 0, 0], gradient: [0, 0, 0, 0] },
  },
  inputs: { clean: [0, 1, 0, 1, 0, 1, 0, 1], corrupted: [0, 1, 1, 1, 0, 1, 1, 1], gamma0: [[1, 1, 1, 1]] },
  expected: { loss: 1.5, hidden: [0.5], steps: [{ pred: [[0.5, 0.5, 0.5, 0.5]], intra: 1.25 }] },
  training: { updates: 1, learningRate: 0.001 },
}).replace('"loss":1.5', '"loss":1.5,"losses":[1.5],"parameters":{"recurrent.bias":[0]}');

function outcome(text: string): 'read' | 'refused' {
  try {
    decodeVector(new TextEncoder().encode(text));
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(VectorError);
    return 'refused';
  }
}

const morsel = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '-',
    '.',
    'e9',
    '0',
    '1',
    '9'.repeat(20),
    'null',
    'true',
    ' ',
  ),
  fc.constantFrom('[]', '{}', '[[1]]', '"__proto__"', '"steps"', '1e999', '-1', '0.5', '4294967296', '[[[[[['),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const spoilt = fc
  .array(fc.tuple(fc.nat({ max: small.length }), fc.nat({ max: 12 }), morsel), { minLength: 1, maxLength: 3 })
  .map((cuts) =>
    cuts.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), small),
  );
const replaced = fc
  .tuple(fc.nat({ max: 80 }), fc.constantFrom('0', '-1', '0.5', '2', '1e9', '1e15', '1e300', 'null', '"x"', '[]', '{}'))
  .map(([index, value]) => {
    let at = 0;
    return small.replace(/(?<=[[,:])-?[\d.]+|"[^"]*"(?=[,}\]])|true|false/g, (found) =>
      at++ === index ? value : found,
    );
  });

describe('a damaged vector is refused where it would be compared with less, or with something else:', () => {
  const damaged = (change: (json: ReturnType<typeof JSON.parse>) => void) => {
    const json = JSON.parse(small);
    change(json);
    return () => parseVector(json);
  };
  it.each<[string, (json: ReturnType<typeof JSON.parse>) => void]>([
    [
      "the gammaGradient of objective is 'losses': give true, false, 'loss' or 'mask'.",
      (json) => (json.gammaGradient = 'losses'),
    ],
    ['the gammaGradient of objective is missing', (json) => delete json.gammaGradient],
    ['the distribution of the mixture is missing', (json) => delete json.distribution],
    ["unknown distribution 'laplace'", (json) => (json.distribution = 'laplace')],
    ['the interWeight of objective is -1', (json) => (json.interWeight = -1)],
    ['the learningRate of optimizer is 0: give a number above 0.', (json) => (json.training.learningRate = 0)],
    ['interWeight is Infinity: give a finite number.', (json) => (json.interWeight = Number('1e999'))],
    ['batch is missing: give an integer of at least 1.', (json) => delete json.batch],
    ['parameters.recurrent.bias.gradient is not a list', (json) => delete json.parameters['recurrent.bias'].gradient],
    [
      'expected has no quantity: give at least one of loss, hidden, pred, gamma, intra, inter, total, upper.',
      (json) => {
        json.expected = {};
        delete json.training;
      },
    ],
    ["expected has the unknown quantity 'gama'", (json) => (json.expected.gama = [1])],
    ["expected.steps[0] has the unknown quantity 'los'", (json) => (json.expected.steps[0].los = 1)],
    ['expected.steps is not a list', (json) => (json.expected.steps = {})],
  ])('%s', (sentence, change) => {
    expect(damaged(change)).toThrow(VectorError);
    expect(damaged(change)).toThrow(sentence);
  });
});

describe('decodeVector', () => {
  it.each(['adam-updates', 'nem-static-shapes', 'rnnem-static-shapes', 'recurrent-autoencoder', 'rnnem-flying-shapes'])(
    'reads %s as parsed JSON is read',
    (name) => {
      const bytes = read(`${name}.json`);
      expect(decodeVector(bytes)).toEqual(parseVector(JSON.parse(bytes.toString('utf8'))));
    },
  );

  it('reads or refuses 12,000 damaged files, with a typed error', () => {
    expect(outcome(small)).toBe('read');
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(spoilt, replaced), (text) => {
        counts[outcome(text)]++;
      }),
      { ...seeded, numRuns: 12_000 },
    );
    expect(counts.read + counts.refused).toBe(12_000);
    expect(counts.refused).toBeGreaterThan(6000);
    expect(counts.read).toBeGreaterThan(50);
  });

  it('refuses every truncation and bytes that are not UTF-8', () => {
    for (let length = 0; length < small.length; length++) expect(outcome(small.slice(0, length))).toBe('refused');
    expect(() => decodeVector(Uint8Array.of(0xff, 0xfe))).toThrow(VectorError);
  });

  it('refuses a network whose parameters are not there, before it is built', () => {
    const huge = small.replace('"size":1,', '"size":1000000000,');
    expect(() => decodeVector(new TextEncoder().encode(huge))).toThrow(/^the parameter .* \[1000000004, 1000000000\]/);
  });

  it('refuses more updates than there are losses', () => {
    const endless = small.replace('"updates":1', '"updates":1000000000');
    expect(() => decodeVector(new TextEncoder().encode(endless))).toThrow('expected.losses has 1 numbers');
  });
});
