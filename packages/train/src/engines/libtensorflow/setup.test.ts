import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RunError } from '../../errors.js';
import { makeWorkFolder } from './setup.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('makes a folder beside that of the binding, or tells in one sentence why it cannot', () => {
  expect(existsSync(makeWorkFolder(join(folder, 'cache/engines/cuda')))).toBe(true);
  writeFileSync(join(folder, 'file'), '');
  const refused = () => makeWorkFolder(join(folder, 'file/engines/cuda'));
  expect(refused).toThrow(RunError);
  expect(refused).toThrow(/^cannot write .*file\/engines \(.*\): make it writable/);
});
