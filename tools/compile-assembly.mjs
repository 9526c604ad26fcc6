// Compiles a package's AssemblyScript into a TypeScript file that carries the binary:
// `node compile-assembly.mjs <source.ts> <target.ts> [--check]`; --check only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { main } from 'assemblyscript/asc';

const [, , source, target, check] = process.argv;
const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--use', 'abort='];
let binary;
const { error, stderr } = await main([basename(source), '-o', 'out.wasm', ...options], {
  readFile: (name) => (name === basename(source) ? readFileSync(source, 'utf8') : null),
  writeFile: (_, contents) => {
    binary = contents;
  },
  listFiles: () => [],
});
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
const text = `/** Compiled from assembly/${basename(source)} by the package's script \`generate\`. */
export const BINARY =
  '${Buffer.from(binary).toString('base64')}';
`;
if (!check) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${target} is not what ${source} compiles to: run the package's script generate.`);
  process.exit(1);
}
