import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TOLERANCES } from '@nem/core';
import { describe, expect, it } from 'vitest';
import { findTorch, NO_TORCH, timeTorch } from '../src/benchmark/pytorch.js';
import { commandWords } from '../src/cli/command-words.js';
import { remedyText } from '../src/errors.js';
import { findExperiment, withSettings } from '../src/experiments/index.js';
import { torchProgram } from '../src/system/assets.js';
import { cli, lastLine, node, onWorkers, startNem, temporaryFolder, until } from './nem.fixture.js';

const folder = temporaryFolder('bench');
const bench = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  node(folder, [cli, 'bench', ...args], { NO_COLOR: '1', ...env });

/** A benchmark of a moment: one small step with one worker. */
const tiny = [...onWorkers(1), '--steps', '1', '--set', 'batchSize=2', '--set', 'steps=2'];

const torch = await findTorch();

describe.skipIf(!torch)('PyTorch as the peer (needs NEM_TORCH_PYTHON, PYTHON or python3 with torch)', () => {
  const python = torch?.python as string;

  it('computes every golden vector', () => {
    const vectors = join(dirname(createRequire(import.meta.url).resolve('@nem/core/package.json')), 'vectors');
    const files = readdirSync(vectors).map((file) => join(vectors, file));
    const { stdout, stderr } = spawnSync(python, [torchProgram(), 'verify', ...files], { encoding: 'utf8' });
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { vector: string; quantity: string; error: number });
    expect(stderr).toBe('');
    expect(new Set(rows.map(({ vector }) => `${vector}.json`))).toEqual(new Set(readdirSync(vectors)));
    const tolerance = (quantity: string) => (/gradient|after/.test(quantity) ? TOLERANCES.gradient : TOLERANCES.value);
    expect(rows.filter(({ quantity, error }) => !(error <= tolerance(quantity)))).toEqual([]);
    const compared = (quantity: string) => rows.some((row) => row.quantity === quantity);
    expect(['loss', 'gradient of nem.step', 'gradient of output.3.weights'].filter(compared)).toHaveLength(3);
  });

  it.each(['static-shapes-nem', 'flying-shapes-3', 'flying-mnist'])('trains %s', async (name) => {
    const rate = 'learningRate={"peak":0.001,"warmUp":2}';
    const small = ['batchSize=2', 'steps=2', rate, 'clipNorm=10'];
    const settings = [...small, ...(name.startsWith('flying') ? ['dataset.frames=3'] : [])];
    const experiment = withSettings(findExperiment(name), settings);
    const timing = await timeTorch(torch as NonNullable<typeof torch>, experiment, {
      device: 'cpu',
      threads: 1,
      steps: 1,
    });
    expect(timing).toMatchObject({ threads: 1, device: 'cpu' });
    expect(timing.loss).toBeGreaterThan(0);
    if (name === 'flying-shapes-3') expect(timing.parameters).toBe(3_403_389);
  });

  it('computes the same compiled, or says why it does not compile', async () => {
    const experiment = withSettings(findExperiment('static-shapes-nem'), ['batchSize=2', 'steps=2']);
    const setting = { device: 'cpu', threads: 1, steps: 1, compile: true } as const;
    const timing = await timeTorch(torch as NonNullable<typeof torch>, experiment, setting);
    if (timing.torch.startsWith('1.')) {
      expect(timing.compileError).toMatch(/^PyTorch 1\..* has no torch\.compile: use 2\.0 or newer\.$/);
    } else {
      expect(timing.compileError).toBeUndefined();
      expect(timing.compiled?.loss).toBeCloseTo(timing.loss, 2);
      expect(timing.compiled?.seconds).toBeGreaterThan(0);
    }
    expect(timing.loss).toBeGreaterThan(0);
  });

  it('takes turns with nem bench, which prints the ratio', () => {
    const { status, stdout, stderr } = bench(['static-shapes', '--json', ...tiny], { NEM_TORCH_PYTHON: python });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const row = JSON.parse(stdout);
    expect(row).toMatchObject({ experiment: 'static-shapes', workers: 1, peerThreads: 1, peerDevice: 'cpu' });
    expect(row.peer).toMatch(/^PyTorch \d/);
    expect(row.ratio).toBeCloseTo(row.stepMs / row.peerMs, 10);
    expect(row.peerMemory).toBeGreaterThan(10);
    const table = bench(['static-shapes', ...tiny], { NEM_TORCH_PYTHON: python }).stdout;
    expect(table).toMatch(/^experiment .* peer ms +peer MiB +ratio$/m);
    expect(table).toMatch(/^The peer is PyTorch \d.* on cpu/m);
  });
});

describe('nem bench without PyTorch', () => {
  /** A PATH on which every Python lacks torch. */
  const bare = { PATH: join(folder, 'bin'), PYTHON: '', NEM_TORCH_PYTHON: '' };
  mkdirSync(bare.PATH);
  symlinkSync(process.execPath, join(bare.PATH, 'node'));
  writeFileSync(join(bare.PATH, 'python3'), '#!/bin/sh\nexit 3\n');
  chmodSync(join(bare.PATH, 'python3'), 0o755);

  it('says so in a line and measures ours', () => {
    const { status, stdout, stderr } = bench(['static-shapes', '--json', ...tiny], bare);
    expect(stderr).toBe(`${remedyText(NO_TORCH, commandWords)}\n`);
    expect(stderr).toContain('--no-peer compares with nothing.');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty('ratio');
  });

  it('does not look for it with --no-peer', () => {
    const { status, stdout, stderr } = bench(['static-shapes', '--no-peer', ...tiny], bare);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^static-shapes +wasm × 1 +[\d.]+ +[\d.]+ +[\d.]+ .*\d+$/m);
    expect(status).toBe(0);
  });

  it('compares with a command', () => {
    const { stdout } = bench(['static-shapes', '--json', '--against', 'echo median_step_s=2.5', ...tiny], bare);
    expect(JSON.parse(stdout)).toMatchObject({ peerMs: 2500, peer: 'echo median_step_s=2.5' });
  });

  it('ends at a signal with what it is compared with, and prints what it has measured', async () => {
    // Three turns for the first experiment; the fourth never ends.
    const calls = join(folder, 'calls');
    const turn = `echo a turn >> ${calls}; [ $(wc -l < ${calls}) -le 3 ] || sleep 1000; echo median_step_s=2.5`;
    const args = ['bench', 'static-shapes', 'static-shapes-nem', ...tiny, '--against', turn];
    const { child, said, printed, exit } = startNem(folder, args, { NO_COLOR: '1' });
    await until(() => existsSync(calls) && readFileSync(calls, 'utf8').split('\n').length > 4, child);
    child.kill('SIGTERM');
    expect(await exit).toEqual([143, null]);
    expect(lastLine(said())).toBe('stopped by SIGTERM: give the same command again.');
    expect(printed()).toMatch(/^static-shapes +wasm × 1/m);
    expect(printed()).not.toContain('static-shapes-nem');
  });

  it.each([
    ['a command without a time', ['--against', 'echo nothing'], {}, 1, 'give a command that prints it'],
    ['two wishes', ['--against', 'true', '--no-peer'], {}, 2, 'leave out one of them'],
    ['a compiled nothing', ['--torch-compile', '--no-peer'], {}, 2, 'leave out --against and --no-peer'],
    ['a named Python without torch', [], { NEM_TORCH_PYTHON: join(bare.PATH, 'python3') }, 2, 'does not import torch'],
  ])('refuses %s', (_, args, env, code, message) => {
    const { status, stderr } = bench(['static-shapes', ...tiny, ...args], { ...bare, ...env });
    expect(stderr.trim().split('\n').at(-1)).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(code);
  });
});

it('nem bench --profile prints what the device can do at most, and a row for each kernel', () => {
  const size = ['--set', 'network.recurrent.size=16', '--set', 'batchSize=8', '--set', 'steps=3'];
  const { status, stdout, stderr } = bench(['static-shapes', '--profile', '--engine', 'wasm', '--steps', '2', ...size]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^One core, wasm .+ at most\ncopy +[\d.]+ GB\/s .*\nproduct +[\d.]+ GFLOP\/s, float32, /);
  expect(stdout).toMatch(/\n\nstatic-shapes, 8 × 4: one training step by kernel\nkernel +size +launches +ms +share/);
  // 8 images × 4 components, 16 hidden units to 784 pixels.
  expect(stdout).toMatch(/\nproduct +32 × 16 × 784 +\d+ +[\d.]+ +[\d.]+ % /);
  expect(stdout).toMatch(/\nall +\d+ +[\d.]+ +100\.0 % /);
  expect(stdout).toMatch(/\nA whole step takes [\d.]+ ms of wall time, /);
});
