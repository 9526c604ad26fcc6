import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const consumer = realpathSync(mkdtempSync(join(tmpdir(), 'nem-metrics-')));
const installed = join(consumer, 'node_modules', '@nem', 'metrics');

const USE = `
const score = metrics.adjustedMutualInfoScore([0, 0, 1, 1], [5, 5, 3, 3]);
const batch = new frames.FrameScorer({ frames: 1, pixels: 4, ignoreLabel: 0 });
const { confidence } = batch.scoreGamma([0, 1, 2, 2], new Float32Array([1, 1, 0, 0, 0, 0, 1, 1]), 2);
let message = '';
try { metrics.randScore([0], [0.5]); } catch (error) { message = error.name; }
console.log(JSON.stringify([score, confidence[0], message]));
`;

const TYPED_USE = `
const method: AverageMethod = 'max';
const score: number = adjustedMutualInfoScore(new Uint8Array(4), [5, 5, 3, 3], { averageMethod: method });
const scorer = new FrameScorer({ frames: 1, pixels: 4 });
const max: Float64Array = scorer.scoreLabels(new Uint8Array(4), new Int32Array(4)).adjustedMutualInfoByMethod.max;
const out: BatchScores = { adjustedMutualInfo: max, adjustedRand: max };
const same: BatchScores = scorer.scoreGamma(new Uint8Array(4), new Float32Array(8), 2, out);
// @ts-expect-error there is no such averaging
adjustedMutualInfoScore([0], [0], { averageMethod: 'sum' });
export const used = [score, same];
`;

describe('the packed package', () => {
  beforeAll(() => {
    if (!existsSync(join(packageFolder, 'dist'))) throw new Error('dist is missing: build the package first.');
    pack();
  });
  afterAll(() => rmSync(consumer, { recursive: true, force: true }));

  it('holds the built files, their types, a readme with its picture, a licence and what changed, and nothing else', () => {
    const files = readdirSync(installed).filter((name) => name !== 'CHANGELOG.md'); // There from the first release on.
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'pictures']);
    const entries = readdirSync(join(installed, 'dist')).filter((name) => /^(index|frames)\./.test(name));
    const kinds = ['cjs', 'd.cts', 'd.ts', 'js'];
    expect(entries.sort()).toEqual(['frames', 'index'].flatMap((entry) => kinds.map((kind) => `${entry}.${kind}`)));
  });

  it('depends on nothing', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('peerDependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
    const scripts = readdirSync(join(installed, 'dist')).filter((name) => /js$/.test(name));
    const imported = scripts.flatMap((name) => importsOf(readFileSync(join(installed, 'dist', name), 'utf8')));
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((name) => !name.startsWith('./'))).toEqual([]);
  });

  it.each(['index.js', 'frames.js'])('is a few kB, %s with what it loads', (entry) => {
    const read = (file: string) => readFileSync(join(installed, 'dist', file));
    const files = [entry, ...importsOf(read(entry).toString())];
    const size = gzipSync(Buffer.concat(files.map(read))).length;
    expect(size).toBeGreaterThan(1000);
    expect(size).toBeLessThan(8 * 1024);
  });

  it.each([
    [
      'import',
      'use.mjs',
      `import * as metrics from '@nem/metrics';\nimport * as frames from '@nem/metrics/frames';${USE}`,
    ],
    [
      'require',
      'use.cjs',
      `const metrics = require('@nem/metrics');\nconst frames = require('@nem/metrics/frames');${USE}`,
    ],
  ])('works by %s', (_, file, source) => {
    writeFileSync(join(consumer, file), source);
    const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: consumer, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([1, 1, 'MetricInputError']);
  });

  it("has one error for both: instances of one copy are instances of the other's class", () => {
    const source = `
import { createRequire } from 'node:module';
import * as one from '@nem/metrics';
const other = createRequire(import.meta.url)('@nem/metrics');
const thrown = (run) => { try { run(); } catch (error) { return error; } };
const [a, b] = [one, other].map((metrics) => thrown(() => metrics.entropy(5)));
console.log(JSON.stringify([
  one.MetricInputError === other.MetricInputError, a.code === b.code,
  a instanceof other.MetricInputError, b instanceof one.MetricInputError,
]));`;
    writeFileSync(join(consumer, 'copies.mjs'), source);
    const { stdout, stderr } = spawnSync(process.execPath, ['copies.mjs'], { cwd: consumer, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([false, true, true, true]);
  });

  it('has types for both', () => {
    const imports = `import { adjustedMutualInfoScore, type AverageMethod } from '@nem/metrics';
import { type BatchScores, FrameScorer } from '@nem/metrics/frames';`;
    writeFileSync(join(consumer, 'typed.mts'), imports + TYPED_USE);
    writeFileSync(join(consumer, 'typed.cts'), imports + TYPED_USE);
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
    const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, 'typed.mts', 'typed.cts'], {
      cwd: consumer,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

/** What a built file imports or requires, as it is written there. */
function importsOf(source: string): string[] {
  const imports = source.matchAll(/\b(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g);
  return [...imports].map(([, name]) => name!);
}

/** Packs the package and unpacks it where a program in `consumer` finds it. */
function pack(): void {
  const shell = process.platform === 'win32';
  const options: ExecFileSyncOptions = { cwd: packageFolder, shell, stdio: 'pipe' };
  execFileSync('npm', ['pack', '--offline', '--ignore-scripts', '--pack-destination', consumer], options);
  const tarball = readdirSync(consumer).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack left no tarball.');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(consumer, tarball), '-C', installed, '--strip-components=1']);
}
