// Compiles a package's C file for WebAssembly with SIMD, with zig, into a TypeScript file that carries the binary:
// `node compile-wasm.mjs <source.c> <target.ts> <function>... [--check]`
//   --check  only compares; it ends with exit code 2 where zig is not found
// The code has no memory but what it is given: neither data nor a stack of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { common, findZig, run } from '../packages/kernels/tools/compilers.mjs';

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });
const [source, target, ...functions] = positionals;

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}

const zig = findZig();
if (!zig) fail('zig is not found: `pip install ziglang`, or name one in NEM_ZIG.', 2);

function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'nem-wasm-'));
  const output = join(folder, 'out.wasm');
  const link = ['--no-entry', '--strip-all', '-z,stack-size=0', ...functions.map((name) => `--export=${name}`)];
  const options = ['-target', 'wasm32-freestanding', '-nostdlib', '-msimd128', ...link.map((flag) => `-Wl,${flag}`)];
  try {
    run([...zig, 'cc'], [...common, ...options, source, '-o', output]);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const binary = compile();
const { memory } = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports;
if (memory.buffer.byteLength > 0) fail(`${source} compiles to a binary with data or a stack of its own.`);
const text = `/** Compiled from c/${basename(source)} by the package's script \`generate\`. */
export const BINARY =\n  '${binary.toString('base64')}';\n`;
if (!flags.check) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  fail(`${target} is not what ${source} compiles to: run the package's script generate.`);
}
