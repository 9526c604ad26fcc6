import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const readme = readFileSync(path('../README.md'), 'utf8');
const blocks = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);
const outputs = [/^2352 9408 (native|wasm)$/, /^784$/, /^784(\n784){4}$/];

describe('the README', () => {
  it.each(blocks.map((code, i) => [i + 1, code] as const))('block %i runs as it stands', (number, code) => {
    // Within the package, so that its own name and those of its dependencies are found.
    const file = path(`./readme-${number}.generated.mjs`);
    writeFileSync(file, code);
    try {
      const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
      expect([status, stderr.replace(/.*Warning.*\n/g, '')]).toEqual([0, '']);
      expect(stdout.trim()).toMatch(outputs[number - 1]!);
    } finally {
      rmSync(file);
    }
  });
});
