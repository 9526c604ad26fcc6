import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTorch } from '../src/benchmark/pytorch.js';
import { driver, runOnDriver, TINY_NEM } from './drivers.fixture.js';
import { node } from './nem.fixture.js';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nem-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const torch = await findTorch();
const nem = (...args: string[]) => runOnDriver(folder, ['nem.mjs', ...args]);

/** The package `webgpu` as a machine without npm gets it: what this platform needs of it, beside the command. */
function copyDawn(): void {
  const from = dirname(require.resolve('webgpu'));
  const to = join(folder, 'node_modules/webgpu');
  const platform = `dist/${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;
  mkdirSync(to, { recursive: true });
  for (const part of ['package.json', 'index.js', platform])
    cpSync(join(from, part), join(to, part), { recursive: true });
}

describe('the command as one file, in a folder of its own', () => {
  beforeAll(() => {
    const tsup = join(dirname(require.resolve('tsup/package.json')), 'dist/cli-default.js');
    const args = [tsup, '--config', 'tsup.bundle.config.ts', '--out-dir', folder];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  });

  it('is one file', () => {
    expect(readdirSync(folder)).toEqual(['nem.mjs']);
  });

  it('lists the experiments', () => {
    const { status, stdout } = nem('list');
    expect(stdout).toMatch(/^static-shapes {2}/);
    expect(status).toBe(0);
  });

  it('says what it lacks, and the remedy', () => {
    const other = nem('train', 'static-shapes', '--engine', 'tensorflow');
    expect(other.stderr.trim()).toMatch(
      /^the bundled command has no engine 'tensorflow': use --engine webgpu, wasm or cpu/,
    );
    expect(other.status).toBe(1);
    const native = nem('train', 'static-shapes', '--engine', 'native');
    expect(native.stderr.trim()).toMatch(/^the native kernels do not load \(.*\): use --engine wasm/);
    expect(native.status).toBe(1);
    expect(nem('verify', '--engine', 'webgpu').stderr.trim()).toMatch(/run npm install webgpu\.$/);
    const digits = nem('train', 'flying-mnist', '--engine', 'cpu', '--out', 'digits');
    expect(digits.stderr.trim().split('\n').at(-1)).toMatch(
      /run npm install @nem\/digits for 10,000 of MNIST, or give a folder/,
    );
    expect(digits.stderr).not.toContain('    at ');
  });

  it('draws samples as PNG and GIF', () => {
    expect(nem('data', 'preview', 'static-shapes', '--count', '2', '--out', 'samples').status).toBe(0);
    expect(readFileSync(join(folder, 'samples/samples.gif')).subarray(0, 6).toString()).toBe('GIF89a');
  });

  it('carries the kernels: trains in worker threads of WebAssembly', () => {
    const TMPDIR = mkdtempSync(join(folder, 'temporary-'));
    const args = [
      'nem.mjs',
      'train',
      ...TINY_NEM,
      '--engine',
      'wasm',
      '--workers',
      '2',
      '--epochs',
      '1',
      '--out',
      'run-wasm',
    ];
    const { status, stderr } = node(folder, args, { TMPDIR });
    expect(stderr).toContain('epoch 1, 8 updates');
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'run-wasm/config.json'), 'utf8'))).toMatchObject({ engine: 'wasm' });
    // What was written for the threads is gone.
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it('carries the golden vectors', () => {
    const { status, stdout } = nem('verify', '--engine', 'cpu');
    expect(stdout).toContain('the engine cpu computes the right thing.');
    expect(stdout.match(/^ok {3}/gm)?.length).toBeGreaterThan(60);
    expect(status).toBe(0);
  });

  it.skipIf(!torch)('carries the program for PyTorch (needs a Python with torch)', () => {
    const size = ['--steps', '1', ...TINY_NEM, '--set', 'dataset.training=8'];
    const env = { NEM_TORCH_PYTHON: torch?.python, TMPDIR: mkdtempSync(join(folder, 'temporary-')) };
    const args = ['nem.mjs', 'bench', ...size, '--engine', 'cpu', '--json'];
    const { status, stdout, stderr } = node(folder, args, env);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ engine: 'cpu', peer: `PyTorch ${torch?.version}` });
    expect(readdirSync(env.TMPDIR)).toEqual([]);
  });

  describe.skipIf(!driver)('with Dawn beside it (needs a Vulkan driver)', () => {
    beforeAll(copyDawn);

    it('trains, evaluates and draws', () => {
      const run = nem('train', ...TINY_NEM, '--engine', 'webgpu', '--epochs', '1', '--out', 'run');
      expect(run.stderr).toContain('epoch 1, 8 updates');
      expect(run.status).toBe(0);
      expect(existsSync(join(folder, 'run/checkpoints/best.safetensors'))).toBe(true);
      expect(decode(readFileSync(join(folder, 'run/report/overview.png'))).width).toBeGreaterThan(100);
    });

    it('verifies the engine webgpu', () => {
      const vectors = join(dirname(require.resolve('@nem/core/package.json')), 'vectors');
      // All six are run on this engine by @nem/webgpu: a software GPU compiles for half a minute.
      const files = ['nem-static-shapes.json', 'rnnem-static-shapes.json'].map((file) => join(vectors, file));
      const { status, stdout } = nem('verify', '--engine', 'webgpu', '--vectors', ...files);
      expect(stdout).toContain('the engine webgpu computes the right thing.');
      expect(status).toBe(0);
    });
  });
});
