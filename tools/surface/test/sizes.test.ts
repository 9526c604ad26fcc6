import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'registry';
import { expect, it } from 'vitest';

interface Size {
  readonly name: string;
  /** Bytes of a minified bundle with all that it imports, compressed by Brotli. */
  readonly size: number;
  readonly sizeLimit: number;
  readonly passed: boolean;
}

const here = fileURLToPath(new URL('..', import.meta.url));

async function measure(): Promise<readonly Size[]> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('size-limit')), 'bin.js');
  const { stdout } = await run(process.execPath, [bin, '--json'], { cwd: here });
  return JSON.parse(stdout.slice(stdout.indexOf('[\n')));
}

it('no package is larger than its budget in .size-limit.json, and each has one', async () => {
  const sizes = await measure();
  for (const { name, size, sizeLimit } of sizes) console.log(`${name}: ${size} of at most ${sizeLimit} bytes`);
  expect(sizes.filter(({ passed }) => !passed)).toEqual([]);
  const measured = sizes.map(({ name }) => /^@nem\/(\w+)/.exec(name)?.[1]);
  expect(readdirSync(join(here, '../../packages')).filter((name) => !measured.includes(name))).toEqual([]);
});
