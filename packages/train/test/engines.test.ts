import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseVector, verify } from '@nem/core';
import { loadNative } from '@nem/kernels/native';
import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createBackendEngine } from '../src/engines/backend-engine.js';
import { cpuBackend } from '../src/engines/cpu.js';
import { cli, lastLine, node, startNem, temporaryFolder, until } from './nem.fixture.js';

const folder = temporaryFolder('engines');
const bare = { NEM_CACHE: join(folder, 'cache'), NO_COLOR: '1' };
const nem = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => node(folder, [cli, ...args], { ...bare, ...env });

const python = process.env.PYTHON || 'python3';
const find = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("tensorflow") is None)';
const hasNative = !('reason' in loadNative());
const hasTensorFlow = spawnSync(python, ['-c', find]).status === 0;

/** Losses of the first ten updates of each small experiment, by an engine in a process of its own. */
function tenLosses(engine: string, workers = '1'): Record<string, number[]> {
  const script = fileURLToPath(new URL('./ten-losses.mjs', import.meta.url));
  const { stdout, stderr } = node(folder, [script, engine, workers], bare);
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, number[]>;
}

let onCpu: Record<string, number[]> | undefined;

/** Each within 1e-3 of the engine cpu's. */
function expectTheSame(ours: Record<string, number[]>): void {
  onCpu ??= tenLosses('cpu');
  expect(Object.keys(ours)).toEqual(Object.keys(onCpu));
  for (const [name, losses] of Object.entries(onCpu)) {
    expect(losses.length).toBe(10);
    for (const [i, loss] of losses.entries())
      expect(Math.abs((ours[name]?.[i] ?? Number.NaN) / loss - 1)).toBeLessThan(1e-3);
  }
}

it.each(['1', '2'])('wasm with %s workers has the first ten training losses of cpu', (workers) => {
  expectTheSame(tenLosses('wasm', workers));
});

it.skipIf(!hasNative)(
  'native has the first ten training losses of cpu (needs an addon for this machine)',
  () => {
    expectTheSame(tenLosses('native', '2'));
  },
  120_000,
);

it('nem engines lists every engine with its remedy', () => {
  const { status, stdout } = nem(['engines']);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^tensorflow {2}no {3}@tensorflow\/tfjs-node has no binding.*\n +mend: nem engines setup tensorflow$/m,
  );
  expect(stdout).toContain(`--engine auto takes ${hasNative ? 'native' : 'wasm'}.`);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  const lines = nem(['engines', '--json']).stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(['cuda', 'webgpu', 'native', 'wasm', 'cpu', 'tensorflow']);
});

it('an addon that does not load is a line with its reason, and auto takes wasm', () => {
  const release = join(folder, 'damaged', 'build', 'Release');
  mkdirSync(join(folder, 'damaged', 'build'), { recursive: true });
  mkdirSync(release);
  writeFileSync(join(release, 'damaged.node'), 'no addon');
  const env = { '@NEM/KERNELS_PREBUILD': join(folder, 'damaged') };
  const { stdout } = nem(['engines'], env);
  expect(stdout).toMatch(/^native {6}no {3}the native kernels do not load\n(.*\n)*? +mend: use --engine wasm/m);
  expect(stdout).toContain('--engine auto takes wasm.');
  const { status, stderr } = nem(['verify', '--engine', 'native'], env);
  expect(stderr).toMatch(/^the native kernels do not load \(.+\): use --engine wasm;.*\n$/);
  expect(status).toBe(1);
});

it('a run that goes on with another variant of the kernels says so', () => {
  const sizes = ['dataset.training=64', 'dataset.validation=16', 'dataset.test=16', 'batchSize=16', 'steps=2'];
  const args = [...sizes.flatMap((size) => ['--set', size]), '--epochs', '1', '--count', '0', '--out', 'variants'];
  const limit = ['--max-minutes', '0.0001'];
  const started = nem(['train', 'static-shapes', '--engine', 'wasm', '--workers', '1', ...limit, ...args], {
    NEM_KERNELS: 'simd',
  });
  expect(started.stderr).toContain('on the engine wasm (1 worker thread, simd), seed 0');
  const config = () => JSON.parse(readFileSync(join(folder, 'variants', 'config.json'), 'utf8')) as object;
  expect(config()).toMatchObject({ engine: 'wasm', kernels: 'simd' });
  expect(existsSync(join(folder, 'variants', 'report'))).toBe(false);
  const resumed = nem(['train', '--resume', 'variants', '--count', '0']);
  expect(resumed.stderr).toContain('the kernels are relaxed, and so far were simd: results will differ');
  expect(resumed.status).toBe(0);
  expect(config()).toMatchObject({ kernels: 'relaxed' });
});

it('a run in stages goes on with another engine in each stage that is left', () => {
  const sizes = {
    'dataset.training': 16,
    'dataset.validation': 8,
    'dataset.test': 8,
    batchSize: 8,
    'network.recurrent.size': 8,
  };
  const stages = JSON.stringify([{ epochs: 1 }, { epochs: 2 }]);
  const set = Object.entries({ ...sizes, steps: 2, stages }).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const run = join(folder, 'in-stages');
  const engineOf = (path: string) =>
    (JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as { engine: string }).engine;
  const begun = nem([
    'train',
    'static-shapes',
    '--engine',
    'cpu',
    ...set,
    '--max-minutes',
    '0.0001',
    '--count',
    '0',
    '--out',
    run,
  ]);
  expect(begun.stderr).toContain('training ended by time limit');
  const { status, stderr } = nem(['train', '--resume', run, '--engine', 'wasm', '--count', '0']);
  expect(stderr).toContain('the engine is wasm, and so far was cpu: results will differ');
  expect(status).toBe(0);
  expect([run, join(run, 'stages', '2')].map(engineOf)).toEqual(['wasm', 'wasm']);
});

describe('nem engines setup refuses with one sentence', () => {
  const empty = join(folder, 'empty');
  const old = join(folder, 'old');
  mkdirSync(empty);
  for (const name of ['tensorflow', 'tensorflow-2.9.1.dist-info']) mkdirSync(join(old, name), { recursive: true });
  const fake = join(folder, 'fake', 'tensorflow');
  mkdirSync(join(fake, 'include', 'tensorflow', 'c', 'eager'), { recursive: true });
  writeFileSync(join(fake, 'include', 'tensorflow', 'c', 'eager', 'c_api.h'), '');
  writeFileSync(join(fake, process.platform === 'darwin' ? 'libtensorflow_cc.2.dylib' : 'libtensorflow_cc.so.2'), '');
  it.each([
    ['an engine without setup', ['wasm'], {}, 2, 'use cuda or tensorflow'],
    [
      'a Python that does not run',
      ['tensorflow', '--tensorflow', join(folder, 'no-python')],
      {},
      2,
      'no Python that runs',
    ],
    ['a folder without TensorFlow', ['tensorflow', '--tensorflow', empty], {}, 1, 'has no TensorFlow: pip install'],
    ['an old TensorFlow', ['tensorflow', '--tensorflow', old], {}, 1, 'TensorFlow 2.9.1'],
    ['no compiler', ['tensorflow', '--tensorflow', fake], { CXX: 'no-such-c++' }, 1, 'install g++'],
    ['C++ that does not compile', ['tensorflow', '--tensorflow', fake], {}, 1, 'does not compile'],
  ])('%s', (_, args, env, code, message) => {
    const { status, stderr } = nem(['engines', 'setup', ...args], env);
    expect(lastLine(stderr)).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(code);
  });

  it('a signal, which ends the compiler and leaves nothing behind', async () => {
    const compiler = join(folder, 'slow-c++');
    writeFileSync(compiler, `#!/bin/sh\necho $$ > ${join(folder, 'compiling')}\nexec sleep 1000\n`);
    chmodSync(compiler, 0o755);
    const { child, said, exit } = startNem(folder, ['engines', 'setup', 'tensorflow', '--tensorflow', fake], {
      ...bare,
      CXX: compiler,
    });
    await until(() => existsSync(join(folder, 'compiling')), child);
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    expect(lastLine(said())).toBe('stopped by SIGINT: the engine is as it was, give the same command again.');
    expect(readdirSync(join(folder, 'cache', 'engines'))).toEqual([]);
    const pid = Number(readFileSync(join(folder, 'compiling'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe.skipIf(!hasTensorFlow)(`tensorflow, built with that of ${python} (needs tensorflow-cpu there)`, () => {
  it('is set up, verifies and trains', () => {
    const setup = nem(['engines', 'setup', 'tensorflow', '--tensorflow', python]);
    expect(setup.stdout).toMatch(/^tensorflow runs on TensorFlow 2\./);
    expect(nem(['engines']).stdout).toMatch(/^tensorflow {2}yes .*\(only\s+where\s+it\s+is\s+named\)/m);
    const verified = nem(['verify', '--engine', 'tensorflow']);
    expect([nem(['engines']).stderr, verified.stderr]).toEqual(['', '']);
    const json = nem(['verify', '--engine', 'tensorflow', '--json']);
    expect([json.status, json.stderr]).toEqual([0, '']);
    const refused = nem(['train', 'static-shapes', '--engine', 'tensorflow', '--set', 'colour=1']);
    expect(refused.stderr).toMatch(/^--set colour=1: the experiment has no field 'colour'.*\n$/);
    expect(verified.stdout).toContain('the engine tensorflow computes the right thing');
    expectTheSame(tenLosses('tensorflow'));
    const tiny = ['training=64', 'validation=16', 'test=16'].flatMap((size) => ['--set', `dataset.${size}`]);
    const small = ['--set', 'batchSize=16', '--set', 'steps=3', '--epochs', '2', '--out', join(folder, 'run')];
    const { status, stderr } = nem(['train', 'static-shapes', '--engine', 'tensorflow', ...tiny, ...small]);
    expect(stderr).toMatch(/^static-shapes on the engine tensorflow \(CPU, \d+ cores, TensorFlow 2\.[\d.]+\), seed 0/);
    expect(stderr).toContain('epoch 2, 8 updates');
    expect(status).toBe(0);
  });
});

it('cuda has every kernel that the golden vectors use', async () => {
  const require = createRequire(import.meta.url);
  await createBackendEngine(
    cpuBackend,
    {
      network: { type: 'n-em', size: 2 },
      mixture: { distribution: 'bernoulli', sigma: 0.25, prior: 0 },
      components: 2,
      noise: { type: 'none', probability: 0 },
      image: [1, 2],
      objective: { interWeight: 1, gammaGradient: false, stepWeights: [1] },
    },
    deriveKey(0, 'parameters'),
  );
  const used = new Set<string>();
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const { kernelFunc, kernelName } = kernel;
    kernel.kernelFunc = (args) => {
      used.add(kernelName);
      return kernelFunc(args);
    };
  }
  const vectors = join(dirname(require.resolve('@nem/core/package.json')), 'vectors');
  for (const file of readdirSync(vectors)) {
    const vector = parseVector(JSON.parse(readFileSync(join(vectors, file), 'utf8')));
    await verify((spec) => createBackendEngine(cpuBackend, spec, deriveKey(0, 'parameters')), vector);
  }
  require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
  const registered = new Set(tf.getKernelsForBackend('tensorflow').map(({ kernelName }) => kernelName));
  expect(used.size).toBeGreaterThan(20);
  expect([...used].filter((name) => !registered.has(name))).toEqual([]);
});
