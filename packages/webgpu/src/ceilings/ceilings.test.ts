import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keepingAdapter, nullAdapter } from '../dawn.fixture.js';
import { requestDevice } from '../device.js';
import { DeviceLostError, PlanError } from '../errors.js';
import { BUFFER_USAGE } from '../plan/buffers.js';
import type { Storage } from '../plan/builder.js';
import { ReadBack } from '../read-back.js';
import { elementAt } from '../required.js';
import { bestTime } from './best-time.js';
import { measureCeilings } from './ceilings.js';
import { makeCopies } from './copy.js';

const adapter = await keepingAdapter();
const { COPY_DST, MAP_READ } = BUFFER_USAGE;

describe.skipIf(!adapter)('on Dawn (needs a Vulkan driver)', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await requestDevice(adapter as GPUAdapter);
  });
  afterAll(() => device?.destroy());

  /** What the device says of a use of `buffer`. */
  async function complaint(buffer: GPUBuffer): Promise<string | undefined> {
    device.pushErrorScope('validation');
    const encoder = device.createCommandEncoder();
    encoder.clearBuffer(buffer);
    device.queue.submit([encoder.finish()]);
    return (await device.popErrorScope())?.message;
  }

  it('the ceilings are the counts divided by the times, and every buffer is freed', async () => {
    const made = vi.spyOn(device, 'createBuffer');
    const { copy, product } = await measureCeilings(device);
    expect(copy.bytes).toBe(2 * copy.size);
    expect(copy.bytesPerSecond).toBeCloseTo((copy.bytes / copy.milliseconds) * 1e3, 3);
    expect(product.operations).toBe(2 * product.size ** 3);
    expect(product.operationsPerSecond).toBeCloseTo((product.operations / product.milliseconds) * 1e3, 3);
    const times = product.attempts.map(({ milliseconds }) => milliseconds);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(product.attempts[0]).toEqual({ ...product.tile, milliseconds: product.milliseconds });
    expect(new Set(product.attempts.map(({ ahead }) => ahead)).size).toBe(2);
    const figures = [copy.size, copy.milliseconds, copy.commandBytesPerSecond, product.size, product.milliseconds];
    for (const value of [...figures, ...times]) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
    }
    const buffers = made.mock.results.map(({ value }) => value as GPUBuffer);
    const kept = buffers.filter((buffer) => (buffer.usage & MAP_READ) === 0 && (buffer.usage & COPY_DST) !== 0);
    expect(kept.length).toBeGreaterThan(10);
    for (const buffer of kept) expect(await complaint(buffer)).toMatch(/destroyed/);
  });

  it('the timed kernel copies every vector', async () => {
    const readBack = new ReadBack(device);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (vectors) => {
        const { program, original, duplicate } = await makeCopies(device, 16 * vectors, 1);
        const encoder = device.createCommandEncoder();
        program.encode(encoder, ['forward']);
        const regionOf = (storage: Storage) => ({ storage, start: 0, length: 4 * vectors });
        const regions = [regionOf(original), regionOf(duplicate)] as const;
        const [before, after] = await readBack.submit(encoder, regions, (storage) => program.buffer(storage));
        expect(after).toEqual(before);
        expect(Math.min(...before)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...before)).toBeGreaterThan(0);
        program.destroy();
      }),
      { numRuns: 20 },
    );
    readBack.destroy();
  });

  it('a lost device is a DeviceLostError', async () => {
    const lost = await requestDevice((await keepingAdapter()) as GPUAdapter);
    const refused = expect(measureCeilings(lost)).rejects.toThrow(DeviceLostError);
    lost.destroy();
    await refused;
  });
});

describe('on the null device', () => {
  it.each([
    [[], /no 'timestamp-query': request it with that feature/],
    [['timestamp-query'], /timestamps stand still/],
  ] as const)('with the features %j there is no clock', async (requiredFeatures, message) => {
    const device = await (await nullAdapter()).requestDevice({ requiredFeatures });
    const error = await measureCeilings(device).catch((error) => error);
    expect(error).toBeInstanceOf(PlanError);
    expect((error as PlanError).message).toMatch(message);
    device.destroy();
  });
});

it('the best time is the shortest of all runs but the first, or that of the second run if it is hopeless', async () => {
  const times = [1, 9, 5, 7];
  let runs = 0;
  const run = async () => elementAt(times, Math.min(runs++, 3));
  expect(await bestTime(run)).toBe(5);
  expect(runs).toBeGreaterThanOrEqual(4);
  runs = 0;
  expect(await bestTime(run, 8)).toBe(9);
  expect(runs).toBe(2);
});
