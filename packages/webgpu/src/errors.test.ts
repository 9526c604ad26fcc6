import { NetworkError } from '@nem/core';
import { deriveKey } from '@nem/random';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dawnAdapter, nullAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { frames, small } from './engine.fixture.js';
import { compile } from './engine.js';
import { DeviceLostError, OutOfMemoryError, PlanError, ShaderError } from './errors.js';
import { Pipelines } from './plan/pipelines.js';
import type { WebGpuEngine } from './spec.js';

const adapter = await dawnAdapter();
const keys = { noise: deriveKey(3, 'noise'), gamma: deriveKey(3, 'gamma') };
const batchOf = (size: number) => ({ frames: frames(small(), size), batch: size });

describe.skipIf(!adapter)('a device that is lost (needs a Vulkan driver)', () => {
  const lostEngine = async (): Promise<{ device: GPUDevice; engine: WebGpuEngine }> => {
    const device = await requestDevice((await dawnAdapter()) as GPUAdapter);
    return { device, engine: await compile(device, small()) };
  };

  it('between two steps: every call fails as DeviceLostError', async () => {
    const { device, engine } = await lostEngine();
    device.destroy();
    await device.lost;
    await expect(engine.trainStep(batchOf(1), keys)).rejects.toThrow(DeviceLostError);
    await expect(engine.infer(batchOf(1), keys)).rejects.toThrow(/request a new device and compile again/);
    await expect(engine.parameters()).rejects.toThrow(DeviceLostError);
    expect(() => engine.setParameters({})).toThrow(DeviceLostError);
    engine.dispose();
  });

  it('in the middle of steps: the unfinished ones fail as DeviceLostError', async () => {
    const { device, engine } = await lostEngine();
    await engine.trainStep(batchOf(2), keys);
    const steps = [engine.trainStep(batchOf(2), keys), engine.trainStep(batchOf(2), keys), engine.optimizerState()];
    const settled = Promise.allSettled(steps);
    await new Promise((resolve) => setImmediate(resolve));
    device.destroy();
    const failed = (await settled).filter((result) => result.status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed) expect(reason).toBeInstanceOf(DeviceLostError);
    engine.dispose();
  });

  it('while compiling', async () => {
    const { device, engine } = await lostEngine();
    const plan = engine.plan(3);
    const refused = expect(plan).rejects.toThrow(DeviceLostError);
    device.destroy();
    await refused;
    engine.dispose();
  });
});

describe('on the null device', () => {
  let device: GPUDevice;
  let ordinary: GPUDevice;
  beforeAll(async () => {
    device = await requestDevice(await nullAdapter());
    ordinary = await (await nullAdapter()).requestDevice();
  });
  afterAll(() => {
    device.destroy();
    ordinary.destroy();
  });

  it('a plan that exceeds the limits names the number to lower, and fits when that is lowered', async () => {
    const steps = (count: number) => ({ ...small().objective, stepWeights: new Array(count).fill(1) });
    const refusal = async (over: object, batch: number) => {
      const error = await compile(ordinary, { ...small(over), batch }).catch((error) => error);
      expect(error).toBeInstanceOf(PlanError);
      return (error as PlanError).message;
    };
    const batch = Number(/lower the batch from 1000000 to (\d+)\.$/.exec(await refusal({}, 1_000_000))?.[1]);
    (await compile(ordinary, { ...small(), batch })).dispose();
    expect(await refusal({}, batch + 1)).toMatch(new RegExp(`lower the batch from ${batch + 1} to ${batch}\\.$`));
    expect(await refusal({ components: 2_000_000 }, 1)).toMatch(/lower the components from 2000000 to \d+\.$/);
    const long = { components: 1, objective: steps(300), network: { type: 'n-em', size: 200_000 } };
    expect(await refusal(long, 1)).toMatch(/lower the steps from 300 to \d+\.$/);
    const endless = await refusal({ components: 1, objective: steps(2_000_000) }, 1);
    expect(endless).toMatch(/about \d+ launches but 1000000 are allowed: lower the steps from 2000000 to \d+\.$/);
    const wide = { type: 'n-em', size: 2_000_000 };
    expect(await refusal({ network: wide }, 1)).toMatch(/'parameters' takes \d+ bytes .* make the layers smaller\.$/);
  });

  it('a plan that exceeds the memory is an OutOfMemoryError, and the buffers made for it are freed', async () => {
    const layer = { type: 'dense' as const, size: 2000, activation: 'relu' as const };
    const output = [layer, layer, layer, { ...layer, size: 30 }];
    const recurrent = { size: 7, activation: 'sigmoid' as const };
    const tooMuch = { ...small({ network: { type: 'rnn-em', input: [], recurrent, output } }), batch: 2500 };
    await expect(compile(device, tooMuch)).rejects.toThrow(OutOfMemoryError);
    await expect(compile(device, tooMuch)).rejects.toThrow(/lower the batch/);
    (await compile(device, { ...tooMuch, batch: 800 })).dispose();
  });

  it('parameters that exceed the memory are an OutOfMemoryError', async () => {
    const wide = small({ network: { type: 'n-em', size: 1_110_000 } });
    await expect(compile(device, wide).then(() => compile(device, wide))).rejects.toThrow(
      /for the parameters: make the layers smaller/,
    );
  });

  it("a kernel that does not compile is a ShaderError with the compiler's complaint", async () => {
    const code = 'fn run(group: vec3u, lane: u32, groups: vec3u) { let x: u32 = 1.5; }';
    const broken = { name: 'broken', bindings: {}, code, cost: { words: 0 } };
    device.pushErrorScope('validation');
    const made = new Pipelines(device, false).pipeline(broken);
    await expect(made).rejects.toThrow(ShaderError);
    await expect(made).rejects.toThrow(/^the kernel 'broken' does not compile on this device: .*u32.*\(line \d+\)$/);
    expect(await device.popErrorScope()).not.toBeNull();
  });

  it('an option without its feature is a PlanError, before a buffer is made', async () => {
    const made = vi.spyOn(ordinary, 'createBuffer');
    await expect(compile(ordinary, { ...small(), products: 'float16' })).rejects.toThrow(/no 'shader-f16'/);
    await expect(compile(ordinary, { ...small(), subgroups: true })).rejects.toThrow(/no 'subgroups'/);
    expect(made).not.toHaveBeenCalled();
    made.mockRestore();
  });

  it("a network that cannot be compiled leaves no error scope on the caller's device", async () => {
    const scopes = [vi.spyOn(ordinary, 'pushErrorScope'), vi.spyOn(ordinary, 'popErrorScope')] as const;
    await expect(compile(ordinary, { ...small(), products: 'float16' })).rejects.toThrow(PlanError);
    await expect(compile(ordinary, small({ network: { type: 'n-em', size: 2_000_000 } }))).rejects.toThrow(PlanError);
    await expect(compile(ordinary, small({ image: [5, 7] }))).rejects.toThrow(NetworkError);
    expect(scopes[0].mock.calls.length).toBe(scopes[1].mock.calls.length);
    for (const scope of scopes) scope.mockRestore();
  });

  it('a device that is lost already is a DeviceLostError, though nothing is compiled yet', async () => {
    const lost = await (await nullAdapter()).requestDevice();
    lost.destroy();
    await expect(compile(lost, small())).rejects.toThrow(DeviceLostError);
  });

  it('results that exceed the largest buffer are a PlanError that names the batch, and the engine computes on', async () => {
    const spec = small({ objective: { ...small().objective, stepWeights: new Array(20).fill(1) } });
    const still = (batch: number) => ({ frames: new Float32Array(batch * 30), batch });
    const engine = await compile(ordinary, spec);
    const error = await engine.infer(still(16_000), keys, { steps: 'all' }).catch((error) => error);
    expect(error).toBeInstanceOf(PlanError);
    expect(error.message).toMatch(/^the results take \d+ bytes .*: lower the batch from 16000 to \d+\.$/);
    expect((await engine.infer(still(16_000), keys)).losses).toHaveLength(20);
    engine.dispose();
  });
});
