import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withDataFile } from './schema.js';
import { requireNoSource } from './sources.js';
import { staticShapesRnnEm } from './static-shapes.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));
const data = join(folder, 'data.h5');
writeFileSync(data, '');
const read = withDataFile(staticShapesRnnEm, data);

it('refuses to write over data by another name of their file', () => {
  linkSync(data, join(folder, 'link.h5'));
  expect(() => requireNoSource(read, join(folder, 'link.h5'), '--out')).toThrow(
    `--out would write over ${data}, from which the data are read: give another file.`,
  );
});

it.each(['new.h5', 'data.h5/x.h5', 'x'.repeat(300)])('leaves %s, which is no file, to the write', (name) => {
  expect(() => requireNoSource(read, join(folder, name), '--out')).not.toThrow();
});
