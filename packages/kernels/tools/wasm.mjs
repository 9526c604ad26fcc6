// Compiles the kernels for WebAssembly with zig (`pip install ziglang`) and writes src/binary.ts; with --check it only compares.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common, findZig, root, run, sources } from './compilers.mjs';

const target = join(root, 'src', 'binary.ts');
const flags = ['-target', 'wasm32-freestanding', '-nostdlib', '-msimd128', '-mbulk-memory', '-mnontrapping-fptoint'];
const link = ['--no-entry', '--import-memory', '--export=__heap_base', '--strip-all'].map((flag) => `-Wl,${flag}`);

function compile(zig, folder, variant, more) {
  const output = join(folder, `${variant}.wasm`);
  const all = [...flags, ...more, ...common, `-DNEM_VARIANT=${variant}`, ...link];
  run([...zig, 'cc'], [...all, join(sources, 'wasm.c'), '-o', output]);
  return readFileSync(output).toString('base64');
}

function binaries(zig) {
  const folder = mkdtempSync(join(tmpdir(), 'nem-kernels-'));
  try {
    return {
      BINARY: compile(zig, folder, 'simd', []),
      RELAXED_BINARY: compile(zig, folder, 'relaxed', ['-mrelaxed-simd']),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const zig = findZig();
if (!zig) {
  console.error('zig is not found: `pip install ziglang`, or name one in NEM_ZIG.');
  process.exit(2);
}
const text = `/** Compiled from c/wasm.c by the package's script \`generate\`. */
${Object.entries(binaries(zig))
  .map(([name, value]) => `export const ${name}: string =\n  '${value}';\n`)
  .join('')}`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('src/binary.ts is not what the C sources compile to: run the script generate.');
  process.exit(1);
}
