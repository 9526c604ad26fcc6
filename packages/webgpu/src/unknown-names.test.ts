import { type EngineSpec, NetworkError } from '@nem/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nullAdapter } from './dawn.fixture.js';
import { small } from './engine.fixture.js';
import { compile } from './engine.js';
import { activationCode, distributionCode } from './kernels/formulas.js';
import { noise } from './kernels/random.js';
import { loweringOf } from './lower/layer-types.js';
import type { CompileSpec } from './spec.js';
import { entryOf } from './table.js';

/** A name as a JavaScript caller may give it. */
const unknown = (name: string) => name as never;

const dense = { type: 'dense', size: 30, activation: 'sigmoid' } as const;
const recurrent = { size: 7, activation: 'sigmoid' } as const;
const networkOf = (layer: object): EngineSpec['network'] => ({
  type: 'rnn-em',
  input: [],
  recurrent,
  output: [layer as typeof dense],
});

describe('an unknown name is one clear sentence, and is not taken for a known one:', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await (await nullAdapter()).requestDevice();
  });
  afterAll(() => device.destroy());

  it.each<[string, Partial<CompileSpec>, Error]>([
    [
      'a layer type',
      { network: networkOf({ ...dense, type: 'pool' }) },
      new NetworkError(
        "output.0 has the unknown type 'pool': use dense, conv, resizeConv, reshape, flatten or inputNorm.",
      ),
    ],
    [
      'an activation',
      { network: networkOf({ ...dense, activation: 'swish' }) },
      new NetworkError("the activation of output.0 is 'swish': use one of linear, sigmoid, tanh, relu, elu."),
    ],
    [
      'a distribution',
      { mixture: { distribution: unknown('laplace') } },
      new RangeError("unknown distribution 'laplace': use 'bernoulli' or 'gaussian'."),
    ],
    [
      'a kind of noise',
      { noise: { type: unknown('salt'), probability: 0.1 } },
      new RangeError("unknown noise 'salt': use none, bitFlip or maskedUniform."),
    ],
    [
      'a precision',
      { products: unknown('float8') },
      new RangeError("unknown products 'float8': use float32 or float16."),
    ],
  ])('%s', async (_, over, error) => {
    const failure = await compile(device, { ...small(), ...over }).catch((reason) => reason);
    expect(failure).toEqual(error);
    expect(failure.constructor).toBe(error.constructor);
  });
});

describe("each table refuses a name that it lacks, though @nem/core's checks let it through:", () => {
  const shape = { name: 'output.0', inputShape: [7], outputShape: [7], parameters: [], products: 0 };
  it.each([
    [
      'layer types',
      () => loweringOf({ ...shape, spec: { type: 'pool' } as never }),
      new NetworkError(
        "output.0 has the unknown type 'pool': use dense, conv, resizeConv, inputNorm, reshape or flatten.",
      ),
    ],
    [
      'activations',
      () => activationCode(unknown('swish')),
      new NetworkError("unknown activation 'swish': use linear, sigmoid, tanh, relu or elu."),
    ],
    [
      'noises',
      () => noise({ type: unknown('salt') }, 1, 1, 1, false),
      new RangeError("unknown noise 'salt': use none, bitFlip or maskedUniform."),
    ],
    ['distributions', () => distributionCode({ distribution: unknown('laplace') }), /^unknown distribution 'laplace'/],
  ])('%s', (_, look, error) => {
    expect(look).toThrow(error);
  });

  it('a name that every object inherits is not an entry', () => {
    const look = (name: string) => entryOf({ a: 1, b: 2 }, unknown(name), (known) => new RangeError(`use ${known}`));
    expect(() => look('toString')).toThrow(new RangeError('use a or b'));
    expect(look('b')).toBe(2);
  });
});
