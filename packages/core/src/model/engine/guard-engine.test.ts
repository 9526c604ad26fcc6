import { deriveKey } from '@nem/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTensorFlowEngine } from '../../tensorflow/engine.js';
import { NetworkError } from '../network/network-error.js';
import type { Engine, EngineSpec } from './engine.js';
import { requirePixels } from './frames.js';
import { DisposedError, InputError } from './input-error.js';

const spec: EngineSpec = {
  network: {
    type: 'rnn-em',
    input: [],
    recurrent: { size: 3, activation: 'sigmoid' },
    output: [{ type: 'dense', size: 6, activation: 'sigmoid' }],
  },
  mixture: { distribution: 'bernoulli' },
  objective: { interWeight: 1, stepWeights: [1, 1], gammaGradient: true },
  image: [2, 3],
  components: 2,
  noise: { type: 'bitFlip', probability: 0.2 },
};
const key = deriveKey(0, 'parameters');
const keys = { noise: deriveKey(0, 'noise'), gamma: deriveKey(0, 'gamma') };
const batch = { frames: new Float32Array(3 * 2 * 6).fill(1), batch: 2 };
const values = { corrupted: new Float32Array(2 * 2 * 6), gamma0: new Float32Array(2 * 2 * 6).fill(0.5) };

beforeAll(() => tf.setBackend('cpu'));
const make = () => createTensorFlowEngine(spec, key);

/** What a call throws or rejects with. */
async function failure(call: () => unknown): Promise<Error> {
  try {
    await call();
  } catch (error) {
    expect((error as Error).message).toMatch(/^[^\n]{1,200}\.$/);
    return error as Error;
  }
  throw new Error('nothing failed');
}

describe('each call on a batch', () => {
  const calls: Readonly<Record<string, (engine: Engine, ...args: unknown[]) => unknown>> = {
    trainStep: (engine, ...args) => engine.trainStep(...(args as Parameters<Engine['trainStep']>)),
    gradients: (engine, ...args) => engine.gradients(...(args as Parameters<Engine['gradients']>)),
    infer: (engine, ...args) => engine.infer(...(args as Parameters<Engine['infer']>)),
  };
  const of = (frames: unknown) => ({ ...batch, frames });
  const wrong: [unknown[], string][] = [
    [[], 'the batch is missing: give an object with frames and batch.'],
    [[of([0, 1])], 'the frames are a list: give a Float32Array of [frames, batch, pixels].'],
    [[of(new Uint8Array(36))], 'the frames are an object: give a Float32Array'],
    [[{ frames: batch.frames }], "the batch's number of sequences is missing: give an integer of at least 1."],
    [[{ ...batch, batch: '2' }], "the batch's number of sequences is '2': give an integer of at least 1."],
    [[batch], 'the randomness is missing: give the keys { noise, gamma } or the values { corrupted, gamma0 }.'],
    [[batch, {}], 'the randomness has no noise: give the keys'],
    [[batch, { noise: keys.noise }], "the randomness's gamma is undefined: give a key of deriveKey."],
    [[batch, { ...values, gamma0: [0.5] }], "the randomness's gamma0 is a list: give a Float32Array."],
    [
      [batch, { ...values, corrupted: new Float32Array(5) }],
      "the randomness's corrupted has 5 values: give at least 24 for this batch.",
    ],
    [[batch, { ...keys, noise: [0, 1n] }], "the randomness's noise is a list: give a key of deriveKey."],
    [[batch, { ...keys, gamma: [0, -1] }], "the randomness's gamma is a list: give a key of deriveKey."],
    ...[
      [0, -4, 0, -4],
      [-1, 5, -1, 5],
      [4, 5, 4, 5],
      [0.5, 5, 0.5, 5],
      [0, '5', 0, "'5'"],
      [0, undefined, 0, 'missing'],
    ].map(([first, of, shownFirst, shownOf]): [unknown[], string] => [
      [{ ...batch, shard: { first, of } }, keys],
      `the batch's shard has first ${shownFirst} and of ${shownOf}: give integers with 0 ≤ first and first + 2 ≤ of.`,
    ]),
    [[{ ...batch, shard: null }, keys], "the batch's shard has first missing and of missing: give integers"],
    [
      [{ ...of(batch.frames.with(3, Number.NaN)), shard: { first: 0, of: 2 } }, keys],
      'the frames have the pixel NaN at index 3: give values from 0 to 1',
    ],
    [[of(batch.frames.map(() => 255)), keys], 'the frames have the pixel 255 at index 0: give values from 0 to 1'],
    [[of(batch.frames.with(7, Number.NaN)), keys], 'the frames have the pixel NaN at index 7: give values from 0 to 1'],
  ];
  const cases = Object.keys(calls).flatMap((name) => wrong.map(([args, sentence]) => [name, sentence, args] as const));
  it.each(cases)('%s: %s', async (name, sentence, args) => {
    const engine = make();
    const error = await failure(() => calls[name]?.(engine, ...args));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain(sentence);
    // The engine computes on.
    expect((await engine.infer(batch, keys)).loss).toBeGreaterThan(0);
  });

  it('takes what it should', async () => {
    const engine = make();
    expect((await engine.infer(batch, values, { steps: 'all' })).losses).toHaveLength(2);
    const still = { frames: new Float32Array(12).fill(-0), batch: 2 };
    expect((await engine.trainStep(still, keys)).loss).toBeGreaterThan(0);
    expect((await engine.infer({ ...batch, shard: { first: 3, of: 5 } }, keys)).loss).toBeGreaterThan(0);
  });
});

it('other invalid arguments are reported too', async () => {
  const engine = make();
  const infer = engine.infer as (...args: unknown[]) => Promise<unknown>;
  expect((await failure(() => infer(batch, keys, { steps: 'first' }))).message).toBe(
    "the steps of the options of infer is 'first': use 'last' or 'all'.",
  );
  expect(await failure(() => infer(batch, keys, { step: 'all' }))).toBeInstanceOf(InputError);
  const parameters = await engine.parameters();
  for (const wrong of [
    undefined,
    5,
    { ...parameters, 'recurrent.bias': [0] },
    { ...parameters, 'recurrent.bias': null },
  ]) {
    expect(await failure(() => engine.setParameters(wrong as never))).toBeInstanceOf(NetworkError);
  }
  const state = await engine.optimizerState();
  for (const wrong of [undefined, {}, { ...state, updates: -1 }, { ...state, m: 5 }]) {
    expect(await failure(() => engine.setOptimizerState(wrong as never))).toBeInstanceOf(InputError);
  }
});

it('after dispose() every method says so, and dispose() does nothing', async () => {
  const engine = make();
  const state = await engine.optimizerState();
  const parameters = await engine.parameters();
  engine.dispose();
  engine.dispose();
  const calls: (() => unknown)[] = [
    () => engine.trainStep(batch, keys),
    () => engine.gradients(batch, keys),
    () => engine.infer(batch, keys),
    () => engine.parameters(),
    () => engine.optimizerState(),
    () => engine.setParameters(parameters),
    () => engine.setOptimizerState(state),
  ];
  for (const call of calls) {
    const error = await failure(call);
    expect(error).toBeInstanceOf(DisposedError);
    expect(error.message).toBe("the engine 'cpu' has been disposed of: create another one.");
  }
});

it.each<[string, unknown, string]>([
  ['nothing', undefined, "the engine's specification is missing: give an object with the fields network, mixture"],
  ['an unknown field', { ...spec, optimiser: {} }, "the engine's specification has the unknown field 'optimiser'"],
  [
    'a noise',
    { ...spec, noise: { type: 'salt' } },
    "noise has the unknown type 'salt': use none, bitFlip or maskedUniform.",
  ],
  [
    'a probability',
    { ...spec, noise: { type: 'bitFlip', probability: 2 } },
    'the probability of noise is 2: give a number',
  ],
  ['an image', { ...spec, image: [6] }, "the image of the engine's specification is a list: give [height, width]"],
  [
    'no steps',
    { ...spec, objective: { ...spec.objective, stepWeights: [] } },
    'the stepWeights of objective is a list',
  ],
  [
    'an optimizer',
    { ...spec, optimizer: { learningRate: '1' } },
    "the learningRate of optimizer is '1': give a number above 0, or a schedule",
  ],
  [
    'a learning-rate schedule',
    { ...spec, optimizer: { learningRate: { peak: 0.001, warmUp: 9, decay: { until: 9, to: 0 } } } },
    'the until of optimizer.learningRate.decay is 9: give a number above warmUp, 9.',
  ],
  ...[0, -0.5].map((rate): [string, unknown, string] => [
    `a learning rate of ${rate}`,
    { ...spec, optimizer: { learningRate: rate } },
    `the learningRate of optimizer is ${rate}: give a number above 0.`,
  ]),
  ['β₁', { ...spec, optimizer: { beta1: 1 } }, 'the beta1 of optimizer is 1: give a number of at least 0 and below 1.'],
  ['ε', { ...spec, optimizer: { epsilon: 0 } }, 'the epsilon of optimizer is 0: give a number above 0.'],
  ['no image', { ...spec, image: undefined }, 'is missing: give [height, width] in pixels, e.g. [28, 28].'],
  ['K', { ...spec, components: 0 }, 'the number of components is 0: give an integer of at least 1.'],
  ['K as text', { ...spec, components: '4' }, "the number of components is '4': give an integer of at least 1."],
  ['K as a symbol', { ...spec, components: Symbol('4') }, 'the number of components is Symbol(4): give an integer'],
  ['K as an object', { ...spec, components: Object.create(null) }, 'the number of components is an object: give an'],
])('a specification is checked when an engine is made: %s', async (_, wrong, sentence) => {
  expect((await failure(() => createTensorFlowEngine(wrong as EngineSpec, key))).message).toContain(sentence);
});

describe('requirePixels', () => {
  it('takes every value from 0 to 1 and refuses every other', () => {
    fc.assert(
      fc.property(fc.float(), fc.nat({ max: 20 }), (value, at) => {
        const frames = new Float32Array(21);
        frames[at] = value;
        const check = () => requirePixels({ frames, batch: 1 });
        if (value >= 0 && value <= 1) expect(check).not.toThrow();
        else expect(check).toThrow(`the pixel ${value} at index ${at}`);
      }),
      { numRuns: 1000 },
    );
  });
});
