import { relativeError } from '@nem/core';
import { deriveKey } from '@nem/random';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lavapipeAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { frames, networks, small } from './engine.fixture.js';
import { compile } from './engine.js';
import { elementAt } from './required.js';
import type { CompileSpec } from './spec.js';

const adapter = await lavapipeAdapter();
const key = deriveKey(3, 'parameters');
/**
 * Half precision rounds an operand by 2⁻¹² of itself at most. Networks of this size were seen 3 · 10⁻⁴ off, and losses of a training
 * 7 · 10⁻⁶, over which roundings average out.
 */
const TOLERANCE = 2e-3;
const keys = (i: number) => ({ noise: deriveKey(1, 'noise', i), gamma: deriveKey(1, 'gamma', i) });

describe.skipIf(!adapter)("half precision on Mesa's lavapipe (needs mesa-vulkan-drivers, 25 or later)", () => {
  let device: GPUDevice;
  /** Kernels compiled so far that compute in half precision. */
  let halves = 0;
  beforeAll(async () => {
    device = await requestDevice(adapter as GPUAdapter);
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      if (descriptor.code.startsWith('enable f16;')) halves++;
      return createShaderModule(descriptor);
    };
  });
  afterAll(() => device?.destroy());

  const pair = async (spec: CompileSpec) => ({
    full: await compile(device, { ...spec, key }),
    half: await compile(device, { ...spec, key, products: 'float16' }),
  });

  it('the forward half of random networks', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ spec }) => {
        // So large a batch that products are tiled: those read directly, and those with one column, stay in float32.
        const data = { frames: frames(spec, 600), batch: 600 };
        const { full, half } = await pair(spec);
        const expected = await full.infer(data, keys(0));
        const found = await half.infer(data, keys(0));
        full.dispose();
        half.dispose();
        for (const [ours, theirs] of [
          [found.predictions, expected.predictions],
          [found.gamma, expected.gamma],
          [[found.loss], [expected.loss]],
        ] as const) {
          const error = relativeError(ours, theirs);
          expect(error).toBeLessThan(TOLERANCE);
          expect(error).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2, seed: 23 },
    );
    expect(halves).toBeGreaterThan(3);
  });

  it('ten losses of a training', async () => {
    const dense = { type: 'dense' as const, activation: 'sigmoid' as const };
    const spec = small({
      network: {
        type: 'rnn-em',
        input: [],
        recurrent: { size: 180, activation: 'sigmoid' },
        output: [{ ...dense, size: 196 }],
      },
      objective: { interWeight: 1, stepWeights: [0, 1], gammaGradient: false },
      image: [14, 14],
      noise: { type: 'bitFlip', probability: 0.1 },
    });
    const data = { frames: frames(spec, 32).subarray(0, 32 * 196), batch: 32 };
    const { full, half } = await pair(spec);
    const losses = { full: [] as number[], half: [] as number[] };
    for (let i = 0; i < 10; i++) {
      losses.full.push((await full.trainStep(data, keys(i))).loss);
      losses.half.push((await half.trainStep(data, keys(i))).loss);
    }
    expect(relativeError(losses.half, losses.full)).toBeLessThan(TOLERANCE / 10);
    expect(losses.half).not.toEqual(losses.full);
    expect(losses.half[9]).toBeLessThan(0.9 * elementAt(losses.half, 0));
    full.dispose();
    half.dispose();
  });
});
