// How the C sources are compiled: the flags of each variant, and the compilers that are found.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const sources = join(root, 'c');

/** Where Debian's package libc6-arm64-cross has arm64's C library; the variable ARM64_ROOT names another folder. */
export const arm64Libraries = process.env.ARM64_ROOT ?? '/usr/aarch64-linux-gnu';

/** No contraction: a multiply-add is written where it is meant, so that every compiler gives the same bits. */
export const common = [
  '-std=gnu11',
  '-O3',
  '-ffp-contract=off',
  '-fno-strict-aliasing',
  '-fno-math-errno',
  '-Wall',
  '-Wextra',
  '-Werror',
];

const avx512 = ['-mavx512f', '-mavx512dq', '-mavx512cd', '-mavx512bw', '-mavx512vl', '-mavx2', '-mfma'];

/** The instruction sets of each variant, by processor architecture. */
export const variants = {
  x64: {
    avx2: ['-mavx2', '-mfma'],
    avx512,
    avx512bf16: [...avx512, '-mavx512bf16'],
    amx: [...avx512, '-mavx512bf16', '-mamx-tile', '-mamx-bf16'],
  },
  arm64: { neon: [] },
};

// What zig has compiled of C libraries serves later calls too, wherever the home is.
process.env.ZIG_GLOBAL_CACHE_DIR ??= join(tmpdir(), 'nem-zig-cache');

/** Runs a program; what it says goes into the error. */
export function run([program, ...first], args) {
  const { status, error, stderr, stdout } = spawnSync(program, [...first, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
  return stdout;
}

const works = ([program, ...first]) => spawnSync(program, [...first, '--version']).status === 0;

/** zig, from the path or from PyPI's package `ziglang`; the variable NEM_ZIG names one. */
export function findZig() {
  if (process.env.NEM_ZIG) return existsSync(process.env.NEM_ZIG) ? [process.env.NEM_ZIG] : undefined;
  if (spawnSync('zig', ['version']).status === 0) return ['zig'];
  for (const python of [process.env.PYTHON ?? 'python3', 'python3']) {
    if (spawnSync(python, ['-m', 'ziglang', 'version']).status === 0) return [python, '-m', 'ziglang'];
  }
  return undefined;
}

/** A C compiler for this machine: the variable CC, cc, gcc, clang, or zig. */
export function findCompiler() {
  const named = process.env.CC ? [process.env.CC.split(' ')] : [];
  const found = [...named, ['cc'], ['gcc'], ['clang']].find(works);
  if (found) return found;
  const zig = findZig();
  return zig && [...zig, 'cc'];
}
