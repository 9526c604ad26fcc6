import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { own } from './blocks.fixture.js';
import { DIST } from './site.fixture.js';

const { tasks } = JSON.parse(readFileSync(join(own, 'turbo.json'), 'utf8')) as {
  readonly tasks: { readonly build: { readonly inputs: readonly string[] } };
};

/** An input of the build as an expression for paths from the repository's root. */
const expression = (input: string) =>
  new RegExp(
    `^${input.replace('$TURBO_ROOT$/', '').replaceAll('.', '\\.').replaceAll('**', '.+').replaceAll('*', '[^/]*')}$`,
  );

it('the site is built anew where a file changes that it has a page of', () => {
  const inputs = tasks.build.inputs.filter((input) => input.startsWith('$TURBO_ROOT$/')).map(expression);
  const files = readdirSync(join(DIST, 'source'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html'))
    .map((path) => path.slice(0, -'.html'.length));
  expect(files.length).toBeGreaterThan(100);
  const weights = readdirSync(join(DIST, 'models')).map((file) => `packages/models/weights/${file}`);
  const others = ['CONTRIBUTING.md', 'package.json', 'packages/core/package.json', 'packages/core/README.md'];
  const missing = [...files, ...weights, ...others].filter((file) => !inputs.some((input) => input.test(file)));
  expect(missing).toEqual([]);
});
