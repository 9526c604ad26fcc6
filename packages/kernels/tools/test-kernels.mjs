// Compiles and runs the C test program of one variant: `test-kernels.mjs <variant>`. On this machine's processor it runs under the address and
// undefined-behaviour sanitizers; NEON runs under qemu elsewhere than on arm64. Exits with 77 where a tool or the processor's
// instructions are missing, and says which.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arm64Libraries, common, findCompiler, findZig, run, sources, variants } from './compilers.mjs';

const MISSING = 77;
const QEMU = 'qemu-aarch64-static';

function missing(what) {
  console.error(what);
  process.exit(MISSING);
}

/** Tiles are emulated, so that any processor with AVX512-BF16 can test them. */
const emulated = { 'amx-emulated': [...variants.x64.avx512bf16, '-DNEM_EMULATE_TILES'] };
const flagsOf = { ...variants.x64, ...variants.arm64, ...emulated };

const has = (program) => spawnSync(program, ['--version']).status === 0;

/** NEON on another processor: with arm64's C library, or, where there is none, with musl, which zig takes a minute to compile. */
const emulatedArm64 = () =>
  existsSync(join(arm64Libraries, 'lib', 'libc.so.6'))
    ? { runner: [QEMU, '-L', arm64Libraries], flags: ['-target', 'aarch64-linux-gnu'] }
    : { runner: [QEMU], flags: ['-target', 'aarch64-linux-musl', '-static'] };

/** How the variant's program is compiled, and what runs it. */
function toolsOf(variant) {
  const foreign = variant in variants.arm64 && process.arch !== 'arm64';
  if (!foreign) {
    const compiler = findCompiler();
    if (!compiler) missing('No C compiler is found (cc, gcc, clang or zig).');
    return { compiler, runner: [], flags: ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'] };
  }
  const zig = findZig();
  if (!zig) missing('zig is not found: `pip install ziglang`.');
  if (!has(QEMU)) missing(`${QEMU} is not found: Debian's package qemu-user-static has it.`);
  return { compiler: [...zig, 'cc'], ...emulatedArm64() };
}

const [variant = ''] = process.argv.slice(2);
if (!(variant in flagsOf)) {
  console.error(`There is no variant "${variant}": ${Object.keys(flagsOf).join(', ')}.`);
  process.exit(2);
}
const { compiler, runner, flags } = toolsOf(variant);
const folder = mkdtempSync(join(tmpdir(), 'nem-kernels-'));
try {
  const program = join(folder, 'test');
  const name = variant.split('-')[0];
  const all = [...common, ...flags, ...flagsOf[variant], `-DNEM_VARIANT=${name}`];
  run(compiler, [...all, join(sources, 'test.c'), '-lm', '-o', program]);
  const [first, ...rest] = [...runner, program];
  const { status, signal, stdout, stderr } = spawnSync(first, rest, { encoding: 'utf8' });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (signal === 'SIGILL') missing(`This processor does not have the instructions of ${variant}.`);
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
