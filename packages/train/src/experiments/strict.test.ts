import { NetworkError, networkShape, resolveMixture } from '@nem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { type Experiment, experiments, findExperiment, parseExperiment, withSettings } from './index.js';

type Path = readonly string[];
type Tree = Record<string, unknown>;

/** The paths of all parts of a value. */
function paths(value: unknown, from: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [[...from, key], ...paths(part, [...from, key])]);
}

const partAt = (value: unknown, path: Path) => path.reduce((inner, key) => (inner as Tree)[key], value);

/** A copy of an experiment in which the object that has the field at `path` is changed. */
function changed(experiment: Experiment, path: Path, change: (owner: Tree, field: string) => void): unknown {
  const copy = structuredClone(experiment);
  change(partAt(copy, path.slice(0, -1)) as Tree, path.at(-1)!);
  return copy;
}

const place = fc
  .constantFrom(...experiments)
  .chain((experiment) =>
    fc.record({ experiment: fc.constant(experiment), path: fc.constantFrom(...paths(experiment)) }),
  );

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, 'False', '', 'foo', -1, 0, 1.5, 2, 1e9, 1e300, Number.NaN),
  fc.constantFrom<unknown>(
    Number.POSITIVE_INFINITY,
    [],
    {},
    [{}],
    [null],
    { type: 'foo' },
    { type: null },
    5n,
    Symbol.iterator,
  ),
  fc.constantFrom<unknown>(() => 5, new Float32Array(2), new Map(), 'x'.repeat(1e6)),
);

function refusalOf(value: unknown): UsageError | undefined {
  try {
    const { network, mixture, dataset } = parseExperiment(value);
    // What the schema lets through is refused by the network's shape rules, if at all.
    resolveMixture(mixture);
    try {
      networkShape(network, dataset.height * dataset.width);
    } catch (error) {
      expect(error).toBeInstanceOf(NetworkError);
    }
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error as UsageError;
  }
}

function expectSentence(message: string, part: string): void {
  expect(message).toContain(part);
  expect(message).toMatch(/^[^\n]{1,600}\.$/);
}

describe('every part of an experiment', () => {
  it('is taken or refused by one sentence, whatever stands there', () => {
    fc.assert(
      fc.property(place, odd, ({ experiment, path }, value) => {
        const error = refusalOf(changed(experiment, path, (owner, field) => (owner[field] = value)));
        if (error) expectSentence(error.message, ' ');
      }),
      { numRuns: 2000 },
    );
  });

  it('that is misspelt is refused by its name', () => {
    fc.assert(
      fc.property(place, ({ experiment, path }) => {
        const isEntry = Array.isArray(partAt(experiment, path.slice(0, -1)));
        fc.pre(!isEntry);
        const value = changed(experiment, path, (owner, field) => (owner[`${field}_`] = owner[field]));
        expectSentence(refusalOf(value)!.message, `has the unknown field ${path.at(-1)}_`);
      }),
    );
  });

  it('that is missing is called so', () => {
    const optional = ['stages', 'layerNorm', 'stride', 'scale', 'groupThreshold'];
    // A stage has what it has otherwise than the whole.
    const isRequired = (path: Path) => path[0] !== 'stages' && !optional.includes(path.at(-1)!);
    fc.assert(
      fc.property(place, ({ experiment, path }) => {
        fc.pre(!Array.isArray(partAt(experiment, path.slice(0, -1))) && isRequired(path));
        const error = refusalOf(changed(experiment, path, (owner, field) => Reflect.deleteProperty(owner, field)));
        expectSentence(error!.message, `${path.join('.')} is missing: `);
      }),
    );
  });
});

describe('--set', () => {
  const still = findExperiment('static-shapes');
  const flying = findExperiment('flying-mnist');
  it.each<[Experiment, string, string]>([
    [still, 'network.recurrent.layerNorm=False', 'network.recurrent.layerNorm is "False": give true or false.'],
    [still, 'network.recurrent.layerNorm=maybe', 'network.recurrent.layerNorm is "maybe": give true or false.'],
    [flying, 'network.input.2.layerNorm=False', 'network.input.2.layerNorm is "False": give true or false.'],
    [still, 'network={"type":"rnn-em"}', 'network.input is missing: give a list of layers.'],
    [still, 'network.input=5', 'network.input is 5: give a list of layers.'],
    [
      still,
      'network.recurrent=null',
      'network.recurrent is null: give an object with the fields size, activation, layerNorm.',
    ],
    [
      still,
      'network.output.0=dense',
      'network.output.0 is "dense": give an object whose type is dense, conv, resizeConv, reshape, flatten or inputNorm.',
    ],
    [
      flying,
      'network.input.1.shape=5',
      'network.input.1.shape is 5: give a list of integers of at least 1, e.g. [24, 24, 1].',
    ],
    [still, 'network.type=foo', "network.type is \"foo\": use 'rnn-em' or 'n-em'."],
    [still, 'network.output.0.activation=gelu', 'network.output.0.activation is "gelu": use one of linear, '],
    [still, 'network.output.0.type=attention', 'network.output.0.type is "attention": use dense, '],
    [still, 'mixture.prior=2', 'mixture.prior is 2: give a probability of at least 0 and below 1.'],
    [still, 'mixture.prior=-1', 'mixture.prior is -1: give a probability of at least 0 and below 1.'],
    [still, 'mixture.prior=1', 'mixture.prior is 1: give a probability of at least 0 and below 1.'],
    [still, 'mixture.distribution=laplace', 'mixture.distribution is "laplace": give bernoulli or gaussian.'],
    [still, 'steps=100000000', 'steps is 100000000: give a number of at most 65535.'],
    [still, 'batchSize=100000000', 'steps is 15, batchSize 100000000, components 4 and an image 28×28: a batch has '],
    [still, 'learningRate=1e400', 'learningRate is 1e400: give a finite number.'],
    [still, 'noise={"type":"bitFlip","probability":-1e400}', 'noise.probability is -Infinity: give a finite number.'],
    [still, 'noise.prob=0.1', "no field 'noise.prob'; the fields of noise are type, probability."],
    [still, 'network.output.0.sise=5', 'the fields of network.output.0 are type, size, activation, layerNorm.'],
    [still, 'network.output.9.size=5', 'the fields of network.output are 0.'],
    [still, 'steps.size=5', 'steps has no fields.'],
    [flying, 'dataset.motion=null', 'dataset.motion is null: give an object whose type is integerPixel or subPixel.'],
    [flying, 'noise=5', 'noise is 5: give an object with type, probability.'],
  ])('of $0.name %s', (experiment, setting, message) => {
    expect(() => withSettings(experiment, [setting])).toThrow(UsageError);
    expect(() => withSettings(experiment, [setting])).toThrow(message);
  });
});

it('through the API a misspelt or missing field of a layer and a missing motion are named', () => {
  const experiment = findExperiment('flying-shapes-3');
  const withOutput = (layer: object) => ({ ...experiment, network: { ...experiment.network, output: [layer] } });
  const dense = { type: 'dense', size: 784, activation: 'sigmoid' };
  expect(() => parseExperiment(withOutput({ ...dense, layernorm: true }))).toThrow(
    'network.output.0 has the unknown field layernorm: remove it; the known fields are type, size, activation, layerNorm.',
  );
  expect(() => parseExperiment(withOutput({ type: 'dense', size: 784 }))).toThrow(
    'network.output.0.activation is missing: use one of linear, sigmoid, tanh, relu, elu.',
  );
  expect(() => parseExperiment({ ...experiment, dataset: { ...experiment.dataset, motion: undefined } })).toThrow(
    'dataset.motion is missing: give an object whose type is integerPixel or subPixel.',
  );
});
