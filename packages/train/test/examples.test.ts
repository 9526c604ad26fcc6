import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('examples');
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string) => readFileSync(at(path), 'utf8');
const readme = read('../README.md');
const bars = read('../examples/bars.mjs');

/** The block of a README that has a text. */
const blockWith = (language: string, text: string): string =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].find(
    ([, found, code = '']) => found === language && code.includes(text),
  )?.[2] ?? '';

/** The examples in the doc comments of a file. */
const documented = (path: string): string[] =>
  [...read(path).matchAll(/^ \* ```ts\n([\s\S]*?)^ \* ```$/gm)].map(([, code = '']) => code.replaceAll(/^ \* ?/gm, ''));

/** The example with the network as the README writes it in TypeScript. */
function typedBars(): string {
  const typed = blockWith('ts', 'NetworkSpec');
  const [imported = '', , ...declared] = typed.trimEnd().split('\n');
  expect(declared.map((line) => line.replace(/: (LayerSpec\[\]|NetworkSpec) =/, ' ='))).toEqual(
    bars.split('\n').filter((line) => /^const (output|network) =/.test(line)),
  );
  return `${imported}\n${bars.replace(/^const output =[\s\S]*?(?=^export)/m, `${declared.join('\n')}\n`)}`;
}

it('the examples of the README and of doc comments are TypeScript that compiles', () => {
  mkdirSync(join(folder, 'node_modules/@nem'), { recursive: true });
  for (const name of ['datasets', 'core']) {
    symlinkSync(at(`../node_modules/@nem/${name}`), join(folder, 'node_modules/@nem', name));
  }
  symlinkSync(at('..'), join(folder, 'node_modules/@nem/train'));
  const used = "import { defineExperiment, fit } from '@nem/train';\nimport { dataset as bars } from './bars.mjs';\n";
  const examples = ['../src/fit/fit.ts', '../src/experiments/define.ts'].flatMap(documented);
  expect(examples).toHaveLength(2);
  const files = {
    'bars.mts': `${typedBars()}export const dataset = bars;\n`,
    'fit.mts': blockWith('js', 'await fit('),
    ...Object.fromEntries(
      examples.map((code, i) => [`documented-${i}.mts`, `${used}void fit, defineExperiment;\n${code}`]),
    ),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--types',
    'node',
  ];
  const roots = ['--typeRoots', at('../node_modules/@types')];
  const tsc = at('../node_modules/typescript/bin/tsc');
  const { stdout, status } = spawnSync(process.execPath, [tsc, ...options, ...roots, ...Object.keys(files)], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
