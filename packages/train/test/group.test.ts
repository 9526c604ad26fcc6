import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawSamples, staticShapes } from '@nem/datasets';
import { decode, encode } from 'fast-png';
import { expect, it } from 'vitest';
import { cli, nemIn, temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('group');
const nem = nemIn(folder);
const { features } = drawSamples(staticShapes({ seed: 0 }), 'test', [0]);
const data = Uint8Array.from(features, (value) => 255 * value);
const png = encode({ width: 28, height: 28, channels: 1, data, depth: 8 });
writeFileSync(join(folder, 'drawing.png'), png);

it('nem group writes a picture, labels and γ, and tells a script what it found', () => {
  const { status, stdout, stderr } = nem('group', 'static-shapes', 'drawing.png', 'drawing.png', '--json');
  expect([status, stderr]).toEqual([0, '']);
  const { groupings } = JSON.parse(stdout);
  const bright = features.reduce((sum, value) => sum + value, 0);
  for (const { shape, pixels } of groupings) {
    expect(shape).toMatchObject({ steps: 1, batch: 1, components: 4 });
    expect(pixels[0].reduce((sum: number, count: number) => sum + count, 0)).toBe(bright);
  }
  expect(readdirSync(join(folder, 'groups')).sort()).toEqual(
    ['drawing-2', 'drawing'].flatMap((name) => [`${name}.gamma.npy`, `${name}.labels.npy`, `${name}.png`]),
  );
});

it('nem group reads standard input and writes standard output', () => {
  const args = [cli, 'group', 'static-shapes', '-', '--out', '-', '--components', '3'];
  const { status, stdout } = spawnSync(process.execPath, args, { input: png, cwd: folder });
  expect(status).toBe(0);
  // An image, its groups and three predictions, four pixels for each and a gap.
  expect(decode(stdout)).toMatchObject({ width: 4 + 116, height: 5 * 116 + 4 + 4 });
});

it.each([
  [['circles', 'drawing.png'], "there is no model 'circles': the names are static-shapes, static-shapes-nem;"],
  [['static-shapes', 'none.png'], 'none.png'],
  [
    ['static-shapes', 'drawing.png', 'drawing.png', '--out', '-'],
    '2 files do not go to standard output: give one file',
  ],
  [['static-shapes', 'drawing.png', '--format', 'bmp'], "unknown format 'bmp': use png, gif, npy"],
])('nem group %j is refused in one sentence', (args, sentence) => {
  const { status, stderr } = nem('group', ...args);
  expect(status).toBeGreaterThan(0);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
