import { relativeError, TOLERANCES } from '@nem/core';
import { createTensorFlowEngine } from '@nem/core/tensorflow';
import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dawnAdapter, followBuffers, nullAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { expectGradients, frames, key, networks, randomness, small } from './engine.fixture.js';
import { compile } from './engine.js';

const adapter = await dawnAdapter();

describe.skipIf(!adapter)('a compiled engine on Dawn (needs a Vulkan driver)', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    device = await requestDevice(adapter as GPUAdapter);
  });
  afterAll(() => device?.destroy());

  it('has the gradients of the engine cpu, for random networks', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ spec, batch }) => {
        const ours = await compile(device, { ...spec, key });
        const data = { frames: frames(spec, batch), batch };
        const alone = await ours.infer(data, randomness);
        await expectGradients(ours, spec, batch);
        // Now by the training plan's forward half, whose buffers the backward half has written to.
        expect(await ours.infer(data, randomness)).toEqual(alone);
        ours.dispose();
      }),
      { numRuns: 3, seed: 20 },
    );
  });

  it('computes the same with and without subgroup operations', async () => {
    expect(device.features.has('subgroups')).toBe(true);
    const output = [{ type: 'dense' as const, size: 30, activation: 'sigmoid' as const, layerNorm: true }];
    const recurrent = { size: 7, activation: 'sigmoid' as const, layerNorm: true };
    const spec = small({ network: { type: 'rnn-em', input: [{ type: 'inputNorm' }], recurrent, output } });
    const data = { frames: frames(spec, 3), batch: 3 };
    const run = async (subgroups: boolean) => {
      const engine = await compile(device, { ...spec, key, subgroups });
      const { loss, gradients } = await engine.gradients(data, randomness);
      engine.dispose();
      return { loss, gradients: Object.values(gradients).flatMap(({ values }) => [...values]) };
    };
    const [one, other] = [await run(true), await run(false)];
    expect(relativeError([one.loss], [other.loss])).toBeLessThan(TOLERANCES.value);
    expect(relativeError(one.gradients, other.gradients)).toBeLessThan(TOLERANCES.gradient);
  });

  it('makes the same noise and, within rounding, the same initial assignment', async () => {
    for (const type of ['bitFlip', 'maskedUniform', 'none'] as const) {
      const spec = small({ noise: { type, probability: type === 'maskedUniform' ? 1 : 0.2 } });
      const data = { frames: frames(spec, 2), batch: 2 };
      const engine = await compile(device, { ...spec, key });
      const ours = await engine.infer(data, randomness, { steps: 'all' });
      const expected = await createTensorFlowEngine(spec, key).infer(data, randomness, { steps: 'all' });
      engine.dispose();
      expect(ours.corrupted).toEqual(expected.corrupted);
      expect(relativeError(ours.gamma, expected.gamma)).toBeLessThan(TOLERANCES.value);
      expect(
        relativeError(
          ours.losses.map((step) => step.upper),
          expected.losses.map((step) => step.upper),
        ),
      ).toBeLessThan(TOLERANCES.value);
    }
  });

  it('clips its gradients by their norm: the first moment of one update has a tenth of it', async () => {
    const recurrent = { size: 40, activation: 'sigmoid' as const, layerNorm: true };
    const output = [{ type: 'dense' as const, size: 30, activation: 'sigmoid' as const }];
    const network = { type: 'rnn-em' as const, input: [], recurrent, output };
    const moment = async (clipNorm: number) => {
      const spec = small({ network, optimizer: { clipNorm } });
      const engine = await compile(device, { ...spec, key });
      await engine.trainStep({ frames: frames(spec, 3), batch: 3 }, randomness);
      const { m } = await engine.optimizerState();
      engine.dispose();
      return Math.hypot(...Object.values(m).flatMap(({ values }) => [...values]));
    };
    const whole = await moment(1e6);
    expect(whole).toBeGreaterThan(0.06);
    expect(await moment(10 * whole * 1.01)).toBe(whole);
    expect(await moment(0.5)).toBeCloseTo(0.05, 6);
  });

  it('has the first ten losses of the engine cpu, and goes on from its state', async () => {
    const spec = small({ objective: { interWeight: 1, stepWeights: [0, 1], gammaGradient: false } });
    const data = { frames: frames(spec, 4).subarray(0, 4 * 30), batch: 4 };
    const [cpu, ours] = [createTensorFlowEngine(spec, key), await compile(device, { ...spec, key })];
    const random = (i: number) => ({ noise: deriveKey(1, 'noise', i), gamma: deriveKey(1, 'gamma', i) });
    const losses = { cpu: [] as number[], ours: [] as number[] };
    for (let i = 0; i < 10; i++) {
      losses.cpu.push((await cpu.trainStep(data, random(i))).loss);
      losses.ours.push((await ours.trainStep(data, random(i))).loss);
    }
    expect(relativeError(losses.ours, losses.cpu)).toBeLessThan(TOLERANCES.value);
    const state = await ours.optimizerState();
    expect(state.updates).toBe(10);
    cpu.setParameters(await ours.parameters());
    cpu.setOptimizerState(state);
    const next = [(await cpu.trainStep(data, random(10))).loss, (await cpu.trainStep(data, random(11))).loss];
    // Not awaited in between: the steps queue up on the device.
    const queued = await Promise.all([ours.trainStep(data, random(10)), ours.trainStep(data, random(11))]);
    expect(
      relativeError(
        queued.map(({ loss }) => loss),
        next,
      ),
    ).toBeLessThan(TOLERANCES.value);
    ours.dispose();
  });
});

describe('on the null device', () => {
  it('compiles half-precision products of random networks', async () => {
    const device = await requestDevice(await nullAdapter());
    const modules: string[] = [];
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = (descriptor) => {
      modules.push(descriptor.code);
      return createShaderModule(descriptor);
    };
    await fc.assert(
      fc.asyncProperty(networks, async ({ spec }) => {
        // So large a batch that products are tiled.
        const engine = await compile(device, { ...spec, key, batch: 600, products: 'float16' });
        expect((await engine.plan(600)).dispatches).toBeGreaterThan(20);
        engine.dispose();
      }),
      { numRuns: 10, seed: 21 },
    );
    const halves = modules.filter((code) => code.startsWith('enable f16;'));
    expect(halves.length).toBeGreaterThan(20);
    expect(halves.length).toBeLessThan(modules.length / 2);
    device.destroy();
  });

  it('frees every buffer, 100 times', async () => {
    const device = await requestDevice(await nullAdapter());
    const buffers = followBuffers(device);
    for (let i = 0; i < 100; i++) {
      const engine = await compile(device, { ...small(), key, batch: 2 + (i % 3) });
      engine.dispose();
      await Promise.resolve();
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(buffers.made).toBeGreaterThan(1000);
    expect([...buffers.live]).toEqual([]);
    device.destroy();
  });
});
