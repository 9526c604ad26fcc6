import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

const root = mkdtempSync(join(tmpdir(), 'nem-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

it('makes a folder with those around it, also where two do so at once', async () => {
  const folder = join(root, 'a/b/c');
  await Promise.all([makeFolder(folder), makeFolder(folder), makeFolder(join(root, 'a/b/d'))]);
  expect([folder, join(root, 'a/b/d')].every((path) => statSync(path).isDirectory())).toBe(true);
  await makeFolder(folder);
});

it("throws the system's error where a file is in the way", async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  await expect(makeFolder(file)).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(file, 'below/it'))).rejects.toThrow('ENOTDIR');
});

it.skipIf(!existsSync('/proc/self'))('ends where there can be no folder, as in /proc', async () => {
  await expect(makeFolder('/proc/nem/deeper')).rejects.toThrow('ENOENT');
});
