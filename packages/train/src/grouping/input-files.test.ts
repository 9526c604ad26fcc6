import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RunError, UsageError } from '../errors.js';
import { inputFiles } from './input-files.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'empty.png'));
mkdirSync(join(folder, 'frames'));
for (const name of ['f10.png', 'f9.png', 'f1.JPG', 'notes.txt', '.hidden.png'])
  writeFileSync(join(folder, 'frames', name), '');
writeFileSync(join(folder, 'what?.png'), '');
const at = (...names: string[]) => names.map((name) => join(folder, name));

it('takes a folder for its pictures and a pattern for what matches it, in the order of their numbers', () => {
  expect(inputFiles(at('frames'))).toEqual(at('frames/f1.JPG', 'frames/f9.png', 'frames/f10.png'));
  expect(inputFiles(at('frames/f?.*', 'frames/notes.txt'))).toEqual(
    at('frames/f1.JPG', 'frames/f9.png', 'frames/notes.txt'),
  );
  expect(inputFiles(['-', ...at('what?.png', 'none.png')])).toEqual(['-', ...at('what?.png', 'none.png')]);
});

it('leaves a path that cannot be reached to the read that tells why', () => {
  expect(inputFiles(at('frames/notes.txt/x.png'))).toEqual(at('frames/notes.txt/x.png'));
  expect(() => inputFiles(at('frames/notes.txt/*.png'))).toThrow(/^no file matches .*: name one that is there\.$/);
});

/** Does `work` as somebody else than root, who may read every folder. */
function withoutPrivileges(work: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.('nobody');
  try {
    work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

it.skipIf(process.platform === 'win32')('tells of a folder that may not be read', () => {
  mkdirSync(join(folder, 'locked'));
  chmodSync(join(folder, 'locked'), 0o000);
  chmodSync(folder, 0o711);
  withoutPrivileges(() => {
    expect(() => inputFiles(at('locked'))).toThrow(RunError);
    expect(() => inputFiles(at('locked'))).toThrow(
      /^cannot read the folder .*locked \(EACCES: .*\): make it readable, or name its files\.$/,
    );
  });
  chmodSync(join(folder, 'locked'), 0o700);
});

it.each([
  ['empty.png', /^the folder .*empty\.png has no picture: give one with PNG, JPEG or GIF files\.$/],
  ['frames/*.bmp', /^no file matches .*frames\/\*\.bmp: name one that is there\.$/],
  ['none/*.png', /^no file matches .*none\/\*\.png: name one that is there\.$/],
])('refuses %s in one sentence', (name, sentence) => {
  expect(() => inputFiles(at(name))).toThrow(UsageError);
  expect(() => inputFiles(at(name))).toThrow(sentence);
});
