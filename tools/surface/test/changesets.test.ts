import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENTRIES } from '../api.mjs';
import { withoutChangeset } from '../changesets.mjs';

const root = mkdtempSync(join(tmpdir(), 'nem-changesets-'));
afterAll(() => rmSync(root, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: root });

function commit(files: Readonly<Record<string, string | undefined>>) {
  for (const [file, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(root, file));
    else writeFileSync(join(root, file), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'A change');
}

const report = 'packages/one/api/index.api.md';
const changeset = (name: string) => `---\n'${name}': minor\n---\n\nA change.\n`;

beforeAll(() => {
  git('init', '--quiet');
  for (const folder of ['packages/one/api', '.changeset']) mkdirSync(join(root, folder), { recursive: true });
});

it('a change of a report needs a changeset of its package', () => {
  commit({ [report]: 'export function one(): void;\n' });
  expect(withoutChangeset('@nem/one', root)).toEqual([]);
  commit({ [report]: 'export function one(): number;\n', '.changeset/two.md': changeset('@nem/two') });
  expect(withoutChangeset('@nem/one', root)).toHaveLength(1);
  commit({ 'README.md': 'Something else.\n' });
  expect(withoutChangeset('@nem/one', root)).toHaveLength(1);
  commit({ '.changeset/one.md': changeset('@nem/one') });
  expect(withoutChangeset('@nem/one', root)).toEqual([]);
});

it('a changeset does not tell of what changes after it, also where that is not committed', () => {
  writeFileSync(join(root, report), 'export function one(): string;\n');
  expect(withoutChangeset('@nem/one', root)).toEqual(['uncommitted']);
  writeFileSync(join(root, '.changeset/again.md'), changeset('@nem/one'));
  expect(withoutChangeset('@nem/one', root)).toEqual([]);
  rmSync(join(root, '.changeset/again.md'));
  commit({ [report]: 'export function one(): string;\n' });
  expect(withoutChangeset('@nem/one', root)).toHaveLength(1);
});

it('a report may be written after the changeset that tells of its change', () => {
  commit({ '.changeset/again.md': changeset('@nem/one') });
  expect(withoutChangeset('@nem/one', root)).toEqual([]);
  commit({ '.changeset/third.md': changeset('@nem/one') });
  commit({ [report]: 'export function one(): boolean;\n' });
  expect(withoutChangeset('@nem/one', root)).toEqual([]);
});

it('a release ends the count', () => {
  commit({ '.changeset/one.md': undefined, '.changeset/two.md': undefined, '.changeset/again.md': undefined });
  expect(withoutChangeset('@nem/one', root)).toEqual([]);
  git('tag', '@nem/one@0.1.0');
  commit({ [report]: 'export function one(): bigint;\n' });
  expect(withoutChangeset('@nem/one', root)).toHaveLength(1);
});

it('every public change of this repository has one', () => {
  const names = [...new Set(ENTRIES.map(({ name }) => `@nem/${name}`))];
  expect(names.flatMap((name) => withoutChangeset(name).map((change) => `${name}: ${change}`))).toEqual([]);
});
