import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadNative } from '../src/native.js';

const tool = (name: string) => fileURLToPath(new URL(`../tools/${name}`, import.meta.url));

/** What a tool exits with where a program that it needs is not installed, or the processor lacks the variant's instructions. */
const MISSING = 77;
/** What a tool exits with where zig is not found. */
const NO_ZIG = 2;

const run = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [tool(name), ...args], { encoding: 'utf8' });

/** Those of this processor, NEON (under qemu elsewhere than on arm64), and tiles, emulated where AVX512-BF16 is at hand. */
function variants(): string[] {
  const native = loadNative();
  const available = 'reason' in native ? [] : native.available;
  const emulated = available.includes('avx512bf16') ? ['amx-emulated'] : [];
  return [...available.filter((name) => name !== 'neon'), ...emulated, 'neon'];
}

describe('the C sources', () => {
  it('are what the committed WebAssembly was compiled from', ({ skip }) => {
    const { status, stderr } = run('wasm.mjs', '--check');
    if (status === NO_ZIG) skip(stderr);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it.for(variants())('compute what they should on %s, and touch nothing else', (variant, { skip }) => {
    const { status, stdout, stderr } = run('test-kernels.mjs', variant);
    if (status === MISSING) skip(stderr);
    expect(status, `${stdout}${stderr}`).toBe(0);
  });
});
