// Compiles a package's AssemblyScript into a TypeScript file that carries the binary:
// `node compile-assembly.mjs <source.ts> <target.ts> [--shared-memory] [--relaxed] [--check]`
//   --shared-memory  the memory is another module's: imported, and the binary must have no data of its own
//   --relaxed        a second binary for engines with relaxed SIMD
//   --check          only compares
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from 'assemblyscript/asc';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'shared-memory': { type: 'boolean' }, relaxed: { type: 'boolean' }, check: { type: 'boolean' } },
});
const [source, target] = positionals;

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readSource(name) {
  try {
    return readFileSync(join(dirname(source), name), 'utf8');
  } catch {
    return null;
  }
}

async function compile(features) {
  const files = {};
  const options = ['-O3', '--runtime', 'stub', '--noAssert', '--use', 'abort=', ...features];
  if (flags['shared-memory']) options.push('--importMemory');
  const { error, stderr } = await main([basename(source), '-o', 'out.wasm', '--textFile', 'out.wat', ...options], {
    readFile: readSource,
    writeFile: (name, contents) => {
      files[name] = contents;
    },
    listFiles: () => [],
  });
  if (error) fail(stderr.toString());
  if (flags['shared-memory'] && /^ \(data /m.test(files['out.wat'])) {
    fail(`${source} compiles to a binary with data, which would overwrite the other module's.`);
  }
  return Buffer.from(files['out.wasm']).toString('base64');
}

const constants = [['BINARY', await compile(['--enable', 'simd'])]];
if (flags.relaxed) {
  constants.push(['RELAXED_BINARY', await compile(['--enable', 'simd', '--enable', 'relaxed-simd'])]);
}
const text = `/** Compiled from assembly/${basename(source)} by the package's script \`generate\`. */
${constants.map(([name, value]) => `export const ${name} =\n  '${value}';\n`).join('')}`;
if (!flags.check) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  fail(`${target} is not what ${source} compiles to: run the package's script generate.`);
}
