import {
  DisposedError,
  type EngineSpec,
  InputError,
  type NamedArrays,
  NetworkError,
  relativeError,
  TOLERANCES,
} from '@nem/core';
import { createTensorFlowEngine } from '@nem/core/tensorflow';
import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { loadWasm } from '../wasm.js';
import { createKernelEngine } from './engine.js';
import { frames, key, networks, randomness, small } from './networks.fixture.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Of all parameters together: a parameter whose gradient is 0 up to rounding has no useful relative error. */
const flat = (arrays: NamedArrays) => Object.values(arrays).flatMap(({ values }) => [...values]);

const nem: EngineSpec = small({ network: { type: 'n-em', size: 6 } });

describe.each(allKernels)('%s', (_, kernels) => {
  const create = (spec: EngineSpec) => createKernelEngine(kernels, spec, key);

  it('computes what the engine on TensorFlow.js computes, for random networks', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ spec, batch, still }) => {
        const data = { frames: frames(spec, batch, still), batch };
        const [ours, reference] = [create(spec), createTensorFlowEngine(spec, key)];
        const found = await ours.infer(data, randomness, { steps: 'all' });
        const expected = await reference.infer(data, randomness, { steps: 'all' });
        for (const name of ['gamma', 'predictions', 'hidden', 'corrupted'] as const) {
          expect(relativeError(found[name], expected[name])).toBeLessThan(TOLERANCES.value);
        }
        const gradients = await reference.gradients(data, randomness);
        const own = await ours.gradients(data, randomness);
        expect(relativeError([own.loss], [gradients.loss])).toBeLessThan(TOLERANCES.value);
        expect(relativeError(flat(own.gradients), flat(gradients.gradients))).toBeLessThan(TOLERANCES.gradient);
      }),
      { numRuns: 12, seed: 20 },
    );
  });

  it('computes N-EM as the engine on TensorFlow.js does', async () => {
    for (const gammaGradient of [true, false]) {
      const spec = { ...nem, objective: { ...nem.objective, gammaGradient } };
      const data = { frames: frames(spec, 3), batch: 3 };
      const own = await create(spec).gradients(data, randomness);
      const expected = await createTensorFlowEngine(spec, key).gradients(data, randomness);
      expect(relativeError(flat(own.gradients), flat(expected.gradients))).toBeLessThan(TOLERANCES.gradient);
    }
  });

  it('goes without output layers: ψ is then the recurrent output', async () => {
    const recurrent = { size: 30, activation: 'sigmoid', layerNorm: true } as const;
    const spec = small({ network: { type: 'rnn-em', input: [{ type: 'flatten' }], recurrent, output: [] } });
    const data = { frames: frames(spec, 2), batch: 2 };
    const own = await create(spec).gradients(data, randomness);
    const expected = await createTensorFlowEngine(spec, key).gradients(data, randomness);
    expect(relativeError(flat(own.gradients), flat(expected.gradients))).toBeLessThan(TOLERANCES.gradient);
  });

  it('has no gradients where no step has weight', async () => {
    const spec = small({ objective: { interWeight: 1, stepWeights: [0, 0], gammaGradient: true } });
    const { loss, gradients } = await create(spec).gradients({ frames: frames(spec, 2), batch: 2 }, randomness);
    expect(loss).toBe(0);
    expect(flat(gradients).every((value) => value === 0)).toBe(true);
  });

  it('gives the same bits again, and those of its shards add up to the whole', async () => {
    const data = { frames: frames(nem, 5), batch: 5 };
    const [one, other] = [create(nem), create(nem)];
    const whole = await one.gradients(data, randomness);
    expect(await other.gradients(data, randomness)).toEqual(whole);
    const shards = [0, 2].map((first) => {
      const batch = first === 0 ? 2 : 3;
      const rows = Array.from({ length: 3 }, (_, t) =>
        data.frames.subarray((t * 5 + first) * 30, (t * 5 + first + batch) * 30),
      );
      return { frames: Float32Array.from(rows.flatMap((row) => [...row])), batch, shard: { first, of: 5 } };
    });
    const parts = await Promise.all(shards.map((shard) => one.gradients(shard, randomness)));
    const sum = flat(parts[0]!.gradients).map((value, i) => value + flat(parts[1]!.gradients)[i]!);
    expect(relativeError(sum, flat(whole.gradients))).toBeLessThan(1e-5);
    expect(parts[0]!.loss + parts[1]!.loss).toBeCloseTo(whole.loss, 3);
  });

  it('trains on from a state, with batches of several sizes in turn', async () => {
    const [one, other] = [create(nem), create(nem)];
    const step = (engine: typeof one, batch: number, i: number) =>
      engine.trainStep({ frames: frames(nem, batch), batch }, { ...randomness, noise: deriveKey(i, 'noise') });
    for (const [i, batch] of [4, 2, 3, 1, 4].entries()) await step(one, batch, i);
    other.setParameters(await one.parameters());
    other.setOptimizerState(await one.optimizerState());
    expect(await step(other, 3, 9)).toEqual(await step(one, 3, 9));
    expect(await other.parameters()).toEqual(await one.parameters());
    expect((await other.optimizerState()).updates).toBe(6);
  });

  it('clips its gradients by their norm: the first moment of one update has a tenth of it', async () => {
    const spec = small({ optimizer: { clipNorm: 0.5 } });
    const engine = create(spec);
    await engine.trainStep({ frames: frames(spec, 3), batch: 3 }, randomness);
    expect(Math.hypot(...flat((await engine.optimizerState()).m))).toBeCloseTo(0.05, 6);
  });

  it('tells what a step needs and takes, kernel by kernel', async () => {
    const engine = create(small());
    const { instructions, bytes } = engine.plan(4);
    const before = await engine.parameters();
    const rows = await engine.profile({ frames: frames(small(), 4), batch: 4 }, randomness);
    expect(rows.reduce((sum, { launches }) => sum + launches, 0)).toBe(instructions);
    expect(bytes).toBeGreaterThan(1000);
    expect(rows.find(({ detail }) => detail === '12 × 30 × 7')).toMatchObject({ kernel: 'product', launches: 3 });
    expect(rows.every(({ milliseconds, bytes }) => milliseconds >= 0 && bytes > 0)).toBe(true);
    expect(await engine.parameters()).toEqual(before);
  });

  it('refuses a step that does not fit into memory, and computes on', async () => {
    const engine = create(small());
    expect(() => engine.plan(2 ** 22)).toThrow(/an arena holds at most 8.6 GB/);
    await engine.trainStep({ frames: frames(small(), 2), batch: 2 }, randomness);
  });
});

it.each(allKernels.filter(([, { precisions }]) => precisions.includes('bfloat16')))(
  '%s has gradients near those of float32 in bfloat16',
  async (_, kernels) => {
    const data = { frames: frames(nem, 3), batch: 3 };
    for (const spec of [nem, small()]) {
      const ours = await createKernelEngine(kernels, spec, key, { precision: 'bfloat16' }).gradients(data, randomness);
      const expected = await createKernelEngine(kernels, spec, key).gradients(data, randomness);
      const error = relativeError(flat(ours.gradients), flat(expected.gradients));
      expect(error).toBeLessThan(0.02);
      // Float32's products would be nearer.
      expect(error).toBeGreaterThan(1e-5);
    }
  },
);

it('refuses a precision that the variant lacks', () => {
  const make = () => createKernelEngine(loadWasm('simd'), small(), key, { precision: 'bfloat16' });
  expect(make).toThrow('The variant simd has no products in bfloat16: use float32.');
});

it('refuses a missing key and what is not kernels in one sentence', () => {
  const kernels = loadWasm('simd');
  expect(() => createKernelEngine(kernels, small(), undefined as never)).toThrow(
    new InputError("the key is missing: give one of deriveKey(seed, 'parameters')."),
  );
  expect(() => createKernelEngine({ kernels } as never, small(), key)).toThrow(
    new InputError('the kernels are an object: give those of loadWasm(), or the field kernels of loadNative().'),
  );
});

it('refuses memory for gradients that are not those of its parameters', async () => {
  const spec = small();
  const engine = createKernelEngine(allKernels[0]![1], spec, key);
  const batch = { frames: frames(spec, 2), batch: 2 };
  await expect(engine.gradientsInto(batch, randomness, {})).rejects.toThrow(NetworkError);
});

it('plans at once: for integers of at least 1, and not after dispose()', () => {
  const engine = createKernelEngine(loadWasm('simd'), small(), key);
  for (const batch of [0, 1.5, Number.NaN, '2', undefined] as number[]) {
    expect(() => engine.plan(batch)).toThrow(/^the batch is .*: give an integer of at least 1\.$/);
    if (batch !== undefined) expect(() => engine.plan(2, { of: batch })).toThrow(InputError);
  }
  expect(() => engine.plan(2, { still: 1 as never })).toThrow('still is 1: give true or false.');
  engine.dispose();
  expect(() => engine.plan(2)).toThrow(DisposedError);
});
