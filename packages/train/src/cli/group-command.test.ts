import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawSamples, staticShapes } from '@nem/datasets';
import { writeHdf5 } from '@nem/datasets/hdf5';
import { encode } from 'fast-png';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { UsageError } from '../errors.js';
import { encodeNpy } from '../grouping/npy.js';
import { type GroupArguments, groupCommand } from './group-command.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-group-'));
afterAll(() => rmSync(folder, { recursive: true }));
const dataset = staticShapes({ seed: 0 });
const { features } = drawSamples(dataset, 'test', [0, 1]);
const png = encode({
  width: 28,
  height: 28,
  channels: 1,
  data: Uint8Array.from(features.subarray(784), (x) => 255 * x),
});
const at = (name: string) => join(folder, name);

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
});

const group = (names: readonly string[], options: Partial<GroupArguments> = {}) =>
  groupCommand('static-shapes', names.map(at), { engine: 'plain', count: 1, fit: 'pad', out: folder, ...options });

it.each([
  ['drawing.png', png, {}],
  ['frames.gif', png, { format: 'gif' }],
  ['data.h5', encodeNpy([1, 28, 28], features.subarray(0, 784)), { format: 'npy,hdf5' }],
  // The temporary file beside the one that is written.
  ['drawing.png.part', png, { as: 'drawing.png' }],
])(
  'refuses to write over the input %s',
  async (name, content, { as = name, ...options }: { as?: string; format?: string }) => {
    for (const file of new Set([name, as])) writeFileSync(at(file), content);
    const grouped = as === name ? [name] : [name, as];
    const refused = group(grouped, { out: folder, ...options });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/^--out would write over .*, which is grouped: give another folder\.$/);
    for (const file of grouped) expect(readFileSync(at(file))).toEqual(Buffer.from(content));
  },
);

it.each([
  ['is not there', undefined],
  ['is no image', Buffer.from('no image')],
])('makes no folder for an input that %s', async (_, content) => {
  if (content) writeFileSync(at('input.png'), content);
  await expect(group(['input.png'], { out: at('unmade') })).rejects.toThrow('input.png');
  expect(existsSync(at('unmade'))).toBe(false);
});

it('gives inputs whose names differ in case alone files of different names', async () => {
  for (const name of ['IMG.png', 'img.png']) writeFileSync(at(name), png);
  await group(['IMG.png', 'img.png'], { format: 'png', out: at('out') });
  expect(lines.map((line) => line.split('/').at(-1))).toEqual(['IMG.png', 'img-2.png']);
});

it('reads of an HDF5 file what it needs, however large it is', async () => {
  await writeHdf5({ dataset, file: at('large.h5'), counts: { test: 2 } });
  truncateSync(at('large.h5'), 2 ** 31 + 1);
  await group(['large.h5'], { format: 'npy', out: at('out') });
  rmSync(at('large.h5'));
  expect(lines.join()).toContain('large.h5: 1 image in 4 components: ');
});
