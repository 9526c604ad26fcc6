import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { driver, lavapipe, runOnDriver, swiftshader, TINY, TINY_NEM } from './drivers.fixture.js';
import { cli, temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('webgpu');

const nem = (args: readonly string[], nodeOptions: readonly string[] = []) =>
  runOnDriver(folder, [...nodeOptions, cli, ...args]);

describe.skipIf(!driver)('the engine webgpu through the command (needs a Vulkan driver)', () => {
  it('stops with exit code 6 on a lost device, and goes on from its last checkpoint', () => {
    const train = (run: string, nodeOptions: string[] = []) =>
      nem(['train', ...TINY_NEM, '--engine', 'webgpu', '--epochs', '2', '--count', '0', '--out', run], nodeOptions);
    const whole = train('whole');
    expect(whole.stderr).toMatch(/^static-shapes-nem on the engine webgpu \(.+\), seed 0/m);
    expect(whole.status).toBe(0);

    const preload = new URL('destroy-device.fixture.mjs?submissions=26', import.meta.url);
    const lost = train('lost', ['--import', preload.href]);
    expect(lost.stderr.trim().split('\n').at(-1)).toBe(
      'the GPU device is lost (destroyed: device was destroyed): go on from the checkpoint of update 8 with nem train --resume lost',
    );
    expect(lost.stderr).not.toContain('    at ');
    expect(lost.status).toBe(6);

    const resumed = nem(['train', '--resume', 'lost', '--count', '0']);
    expect(resumed.stderr).toContain('goes on in lost from update 8');
    expect(resumed.status).toBe(0);
    const weights = (run: string) => readFileSync(join(folder, run, 'checkpoints', 'best.safetensors'));
    expect(weights('lost').equals(weights('whole'))).toBe(true);
  });

  it('nem bench --profile times each kernel', () => {
    const size = ['--set', 'network.recurrent.size=16'];
    const profile = ['bench', 'static-shapes', '--profile', '--engine', 'webgpu', '--steps', '2', ...TINY, ...size];
    const { status, stdout } = nem([...profile, '--json']);
    expect(status).toBe(0);
    const [ceilings, ...rows] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { bytesPerSecond, operationsPerSecond } = { ...ceilings.copy, ...ceilings.product };
    expect(ceilings).toMatchObject({ record: 'ceilings', device: expect.any(String) });
    const step = rows.pop();
    expect(rows.every(({ record }) => record === 'kernel')).toBe(true);
    const dense = rows.find(({ kernel }) => kernel === 'dense');
    // 8 images × 4 components, 16 hidden units to 784 pixels, 3 steps.
    const [operations, bytes] = [3 * 2 * 32 * 16 * 784, 3 * 4 * (32 * 16 + 16 * 784 + 32 * 784)];
    expect(dense).toMatchObject({ experiment: 'static-shapes', launches: 3, operations, bytes });
    expect(dense.milliseconds).toBeGreaterThan(0);
    expect(dense.gflops).toBeCloseTo(operations / dense.milliseconds / 1e6, 9);
    expect(dense.gigabytesPerSecond).toBeCloseTo(bytes / dense.milliseconds / 1e6, 9);
    expect(dense.leastMs).toBeCloseTo(1e3 * Math.max(operations / operationsPerSecond, bytes / bytesPerSecond), 9);
    expect(dense.reached).toBeCloseTo(dense.leastMs / dense.milliseconds, 9);
    expect(rows.map(({ kernel }) => kernel)).toEqual(expect.arrayContaining(['adam', 'noise', 'e-step and losses']));
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    const launches = rows.reduce((sum, row) => sum + row.launches, 0);
    expect(step).toMatchObject({ record: 'step', experiment: 'static-shapes', device: ceilings.device, launches });
    expect(step.stepMs).toBeGreaterThan(0);
    expect(step.inFlightMs).toBeGreaterThan(0);
    const table = nem(profile).stdout;
    expect(table).toMatch(/^.+ at most\ncopy +[\d.]+ GB\/s .*\nproduct +[\d.]+ GFLOP\/s, float32, /);
    expect(table).toMatch(/\n\nstatic-shapes, 8 × 4: one training step by kernel\nkernel +size +launches +ms +share/);
    expect(table).toMatch(/\nall +\d+ +[\d.]+ +100\.0 % /);
    expect(table).toMatch(/\nA whole step takes [\d.]+ ms of wall time, /);
  });

  it.each([
    [
      ['--engine', 'cpu'],
      "--profile needs the engine webgpu, native or wasm, not 'cpu': add --engine webgpu, native or wasm.",
    ],
    [['--engine', 'webgpu', '--workers', '2'], 'leave out --workers, or add --engine native or wasm.'],
    [['--engine', 'webgpu', '--against', 'true'], 'leave out --against and --torch-compile.'],
  ])('nem bench --profile refuses %s', (args, message) => {
    const { status, stderr } = nem(['bench', '--profile', ...args]);
    expect(stderr.trim()).toContain(message);
    expect(status).toBe(2);
  });
});

it.skipIf(!lavapipe)(
  "nem train --float16 trains, and goes on, in half precision on Mesa's lavapipe (needs mesa-vulkan-drivers, 25 or later)",
  () => {
    const run = (...args: string[]) => runOnDriver(folder, [cli, ...args], lavapipe);
    const train = (out: string, ...more: string[]) => {
      const settings = [...TINY_NEM, '--set', 'network.size=64', '--epochs', '2', '--count', '0'];
      return run('train', ...settings, '--engine', 'webgpu', '--out', out, ...more);
    };
    expect(train('single').stderr).toContain('training ended by last epoch');
    expect(train('half', '--float16', '--max-minutes', '0.0001').stderr).toContain('training ended by time limit');
    expect(JSON.parse(readFileSync(join(folder, 'half', 'config.json'), 'utf8'))).toMatchObject({
      precision: 'float16',
    });
    expect(run('train', '--resume', 'half', '--float16').stderr).toContain('leave out --float16');
    expect(run('train', '--resume', 'half', '--count', '0').stderr).toContain('training ended by last epoch');
    const losses = (out: string) =>
      readFileSync(join(folder, out, 'losses.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).loss as number);
    const [single, half] = [losses('single'), losses('half')];
    expect(half).toHaveLength(single.length);
    for (const [i, loss] of half.entries()) expect(Math.abs(loss / (single[i] as number) - 1)).toBeLessThan(1e-4);
    expect(half).not.toEqual(single);
  },
);

it.skipIf(!swiftshader)('nem train --float16 says where the device has no half precision (needs chromium)', () => {
  const train = [cli, 'train', ...TINY_NEM, '--engine', 'webgpu', '--float16', '--out', 'none'];
  const { status, stderr } = runOnDriver(folder, train, swiftshader);
  expect(stderr.trim().split('\n').at(-1)).toBe(
    "the device has no 'shader-f16': leave the option out, or request the device with that feature.",
  );
  expect(status).toBe(1);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});
