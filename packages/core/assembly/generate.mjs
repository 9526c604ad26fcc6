// Compiles kernels.ts and writes ../src/wasm/binary.ts: `pnpm --filter @nem/core generate`; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--use', 'abort='];
let binary;
const { error, stderr } = await main(['kernels.ts', '-o', 'kernels.wasm', ...options], {
  readFile: (name) => (name === 'kernels.ts' ? readFileSync(path(name), 'utf8') : null),
  writeFile: (_, contents) => {
    binary = contents;
  },
  listFiles: () => [],
});
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
const target = path('../src/wasm/binary.ts');
const text = `/** Compiled from assembly/kernels.ts by \`pnpm --filter @nem/core generate\`. */
export const BINARY =
  '${Buffer.from(binary).toString('base64')}';
`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${target} is not what assembly/kernels.ts compiles to: run pnpm --filter @nem/core generate.`);
  process.exit(1);
}
