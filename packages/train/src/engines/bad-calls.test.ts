import { DisposedError, InputError } from '@nem/core';
import { deriveKey } from '@nem/random';
import { describe, expect, it, vi } from 'vitest';
import { UsageError } from '../errors.js';
import { createEngine } from './create-engine.js';
import { type EngineName, engineDefinition } from './table.js';
import { tinySpec } from './tiny-spec.fixture.js';

const spec = tinySpec({
  objective: { interWeight: 1, stepWeights: [1, 1], gammaGradient: true },
  noise: { type: 'bitFlip', probability: 0.2 },
});
const keys = { noise: deriveKey(0, 'noise'), gamma: deriveKey(0, 'gamma') };
const batch = { frames: new Float32Array(3 * 2 * 6).fill(1), batch: 2 };

describe.each(['cpu', 'wasm'] as const)('the engine %s', (name) => {
  it('tells of frames and arguments that it cannot take, computes on, and says when it is disposed of', async () => {
    const engine = await createEngine(name, spec, 0, name === 'wasm' ? { workers: 2 } : {});
    const infer = engine.infer as (...args: unknown[]) => Promise<{ loss: number }>;
    const bright = { ...batch, frames: batch.frames.map(() => 255) };
    await expect(engine.trainStep(bright, keys)).rejects.toThrow(InputError);
    await expect(engine.trainStep(bright, keys)).rejects.toThrow(
      'the frames have the pixel 255 at index 0: give values from 0 to 1, e.g. bytes divided by 255.',
    );
    engine.prepare?.(bright, keys);
    await expect(engine.trainStep(bright, keys)).rejects.toThrow(InputError);
    await expect(infer(batch)).rejects.toThrow('the randomness is missing: give the keys { noise, gamma }');
    await expect(infer({ ...batch, frames: [...batch.frames] }, keys)).rejects.toThrow(InputError);
    expect((await infer(batch, keys)).loss).toBeGreaterThan(0);
    engine.dispose();
    engine.dispose();
    await expect(engine.trainStep(batch, keys)).rejects.toThrow(DisposedError);
    await expect(engine.parameters()).rejects.toThrow(`the engine '${name}' has been disposed of: create another one.`);
  });

  it('is not made for a specification that there cannot be', async () => {
    const made = (over: object, options: object = {}) => createEngine(name, { ...spec, ...over }, 0, options);
    await expect(made({ mixture: { distribution: 'bernoulli', prior: 2 } })).rejects.toThrow(
      /^the prior of the mixture is 2: give a probability of at least 0 and below 1\.$/,
    );
    await expect(made({ noise: { type: 'salt' } })).rejects.toThrow(InputError);
    await expect(made({}, { workers: 1e6 })).rejects.toThrow('give an integer from 1 to 1024.');
    await expect(made({}, { workers: 0 })).rejects.toThrow('the number of worker threads is 0: give an integer');
    await expect(createEngine(name, spec, -1)).rejects.toThrow(/^the seed is -1: give an integer/);
    await expect(createEngine(name, undefined as never, 0)).rejects.toThrow("the engine's specification is missing");
  });
});

it('an engine is not made with what it cannot have', async () => {
  const refused = (name: EngineName, options: object) => expect(createEngine(name, spec, 0, options)).rejects;
  await refused('cpu', { workers: 2 }).toThrow(
    "the engine 'cpu' has no worker threads: leave out the option workers, or add the engine native or wasm.",
  );
  await refused('wasm', { precision: 'bfloat16' }).toThrow("the engine 'wasm' does not compute in bfloat16: leave it");
  await refused('cpu', { precision: 'float64' }).toThrow(
    new UsageError('the precision is "float64"', 'give one of float32, float16, bfloat16.'),
  );
});

it.each([
  ['cpu', spec, {}, 'make it smaller, e.g. network.recurrent.size=2.'],
  ['cpu', tinySpec({ network: { type: 'n-em', size: 6 } }), {}, 'make it smaller, e.g. network.size=3.'],
  ['wasm', spec, { workers: 8 }, 'make it smaller, e.g. network.recurrent.size=2, or lower the option workers.'],
] as const)(
  'a network that does not fit into the memory of %s is told with its own field',
  async (name, own, options, remedy) => {
    const create = vi.spyOn(engineDefinition(name), 'create').mockRejectedValue(new RangeError('no memory'));
    const made = createEngine(name, own, 0, options);
    await expect(made).rejects.toThrow(`the network and its optimizer do not fit into memory (no memory): ${remedy}`);
    create.mockRestore();
  },
);

it.each(['gpu', 'auto', undefined, 'toString'])('there is no engine %s to make', async (name) => {
  await expect(createEngine(name as never, spec, 0)).rejects.toThrow(UsageError);
  await expect(createEngine(name as never, spec, 0)).rejects.toThrow(
    `unknown engine '${name}': use cuda, webgpu, native, wasm, cpu, tensorflow.`,
  );
});
