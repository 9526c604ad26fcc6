// Compiles fills.ts and writes ../src/binary.ts: `pnpm --filter @nem/random generate`; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--use', 'abort='];
let binary;
const { error, stderr } = await main(['fills.ts', '-o', 'fills.wasm', ...options], {
  readFile: (name) => (name === 'fills.ts' ? readFileSync(path(name), 'utf8') : null),
  writeFile: (_, contents) => {
    binary = contents;
  },
  listFiles: () => [],
});
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
const target = path('../src/binary.ts');
const text = `/** Compiled from assembly/fills.ts by \`pnpm --filter @nem/random generate\`. */
export const BINARY =
  '${Buffer.from(binary).toString('base64')}';
`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${target} is not what assembly/fills.ts compiles to: run pnpm --filter @nem/random generate.`);
  process.exit(1);
}
