import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadNative } from './native.js';

const native = loadNative();
const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)));

describe.skipIf('reason' in native)('the addon', () => {
  if ('reason' in native) return;
  const { available } = native;

  it('takes the best variant that the processor has, or the one named', () => {
    expect(native.kernels.variant).toBe(available.at(-1));
    for (const name of available) {
      const result = loadNative(name);
      expect('kernels' in result && result.kernels.variant).toBe(name);
    }
  });

  it('refuses a variant that is not there, naming those that are', () => {
    expect(() => loadNative('mmx')).toThrow(
      `There is no variant "mmx" of the kernels on this machine: it has ${available.join(', ')}.`,
    );
  });

  it('gives arenas aligned to 64 bytes, of zeros', () => {
    const { floats } = native.kernels.createArena(100, []);
    expect(floats).toEqual(new Float32Array(100));
  });

  it('refuses a program that is not there, and an arena that went to another thread', () => {
    const arena = native.kernels.createArena(100, [new Int32Array(0)]);
    expect(() => arena.run(1)).toThrow('There is no program 1.');
    structuredClone(arena.floats.buffer, { transfer: [arena.floats.buffer as ArrayBuffer] });
    expect(() => arena.run(0)).toThrow('transferred');
  });

  it('loads in several worker threads at once', async () => {
    const entry = pathToFileURL(join(packageFolder, 'dist', 'native.js')).href;
    const code = `
      const { parentPort } = require('node:worker_threads');
      import(${JSON.stringify(entry)}).then(({ loadNative }) => parentPort.postMessage(loadNative().kernels.variant));`;
    const variants = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(code, { eval: true });
            worker.once('message', resolve);
            worker.once('error', reject);
          }),
      ),
    );
    expect(variants).toEqual(Array(3).fill(native.kernels.variant));
  });
});

/** A package as npm packs it, unpacked, with this machine's addon in the place of the platform's prebuilt one. */
function packed(addon: string): string {
  const source = mkdtempSync(join(tmpdir(), 'nem-kernels-'));
  for (const part of ['package.json', 'dist'])
    cpSync(join(packageFolder, part), join(source, part), { recursive: true });
  const platform = join(source, 'prebuilds', `${process.platform}-${process.arch}`);
  mkdirSync(platform, { recursive: true });
  cpSync(addon, join(platform, process.platform === 'linux' ? 'kernels.napi.glibc.node' : 'kernels.napi.node'));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts'], { cwd: source, shell: process.platform === 'win32' });
  const [archive] = readdirSync(source).filter((file) => file.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', archive!], { cwd: source });
  const folder = join(source, 'package');
  symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const built = join(packageFolder, 'build', 'Release', 'nem_kernels.node');

it.skipIf(!existsSync(built))('the addon of a packed package is found and loaded', () => {
  const code = `import('./dist/native.js').then(({ loadNative }) => console.log(loadNative().kernels?.variant))`;
  const variant = execFileSync(process.execPath, ['-e', code], { cwd: packed(built), encoding: 'utf8' }).trim();
  expect('kernels' in native && native.kernels.variant).toBe(variant);
});

/** What loadNative says in a copy of the package with this in the addon's place. */
function reasonOf(addon: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'nem-kernels-'));
  cpSync(join(packageFolder, 'dist'), join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
  if (addon !== undefined) {
    mkdirSync(join(folder, 'build', 'Release'), { recursive: true });
    writeFileSync(join(folder, 'build', 'Release', 'nem_kernels.node'), addon);
  }
  const code = `import('./dist/native.js').then(({ loadNative }) => console.log(loadNative().reason))`;
  return execFileSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' }).trim();
}

it.each([
  ['is missing', undefined, /^No native build was found for platform=/],
  ['is damaged', 'no addon', /nem_kernels\.node: (file too short|invalid ELF header)/],
])('an addon that %s gives the reason', (_, addon, reason) => {
  expect(reasonOf(addon)).toMatch(reason);
});
