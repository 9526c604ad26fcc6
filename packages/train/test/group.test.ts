import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawSamples, staticShapes } from '@nem/datasets';
import { weightsUrl } from '@nem/models';
import { groupingAnimation } from '@nem/report';
import { decode, encode } from 'fast-png';
import { type Dataset, File, ready } from 'h5wasm/node';
import { encode as encodeJpeg } from 'jpeg-js';
import { expect, it } from 'vitest';
import { parseNpy } from '../src/grouping/npy.js';
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

it('nem group takes a folder of pictures as one sequence, and writes HDF5', async () => {
  mkdirSync(join(folder, 'frames'));
  const { features: three } = drawSamples(staticShapes({ seed: 0 }), 'test', [0, 1, 2]);
  // Named so that the order of their letters would be another.
  for (const [i, number] of [8, 9, 10].entries()) {
    const frame = Uint8Array.from(three.subarray(i * 784, (i + 1) * 784), (value) => 255 * value);
    writeFileSync(
      join(folder, `frames/${number}.png`),
      encode({ width: 28, height: 28, channels: 1, data: frame, depth: 8 }),
    );
  }
  const options = ['--sequence', '--format', 'npy,hdf5', '--out', 'sequence'];
  const { status, stdout, stderr } = nem('group', 'static-shapes', 'frames', ...options);
  const files = ['labels.npy', 'gamma.npy', 'h5'].map((ending) => `sequence/frames.${ending}`);
  expect([status, stderr, stdout]).toEqual([0, '', `frames: 1 sequence in 4 components: ${files.join(', ')}\n`]);
  const labels = parseNpy(readFileSync(join(folder, 'sequence/frames.labels.npy')));
  expect(labels.shape).toEqual([2, 1, 28, 28]);
  await ready;
  const file = new File(join(folder, 'sequence/frames.h5'), 'r');
  const read = (name: string) => file.get(name) as Dataset;
  expect(read('labels').value).toEqual(labels.values);
  expect(read('gamma').value).toEqual(parseNpy(readFileSync(join(folder, 'sequence/frames.gamma.npy'))).values);
  expect([read('gamma').shape, read('hidden').shape]).toEqual([
    [2, 1, 4, 28, 28],
    [2, 1, 4, 250],
  ]);
  expect(read('gamma').attrs.axes?.value).toEqual(['steps', 'batch', 'components', 'height', 'width']);
  file.close();
  nem('group', 'static-shapes', 'frames/8.png', 'frames/9.png', 'frames/10.png', ...options);
  expect(readFileSync(join(folder, 'sequence/8.labels.npy'))).toEqual(
    readFileSync(join(folder, 'sequence/frames.labels.npy')),
  );
  const { stdout: apart } = nem('group', 'static-shapes', 'frames/*.png', '--format', 'npy', '--out', 'apart');
  expect(apart.trim().split('\n')).toHaveLength(3);
});

it('the examples of nem group in the README run as they stand', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const lines = [...readme.matchAll(/^(?:nem|cat \S+ \|) [^\n]*nem group[^\n]*|^nem group [^\n]*/gm)].map(
    ([line]) => line,
  );
  expect(lines).toHaveLength(4);
  const rgba = Uint8Array.from({ length: 4 * 784 }, (_, i) => (i % 4 === 3 ? 255 : data[Math.floor(i / 4)]!));
  writeFileSync(join(folder, 'photo.jpg'), encodeJpeg({ width: 28, height: 28, data: rgba }, 90).data);
  const shape = { steps: 3, batch: 1, components: 1, height: 28, width: 28 };
  const film = drawSamples(staticShapes({ seed: 0 }), 'test', [0, 1, 2]).features;
  writeFileSync(
    join(folder, 'film.gif'),
    groupingAnimation({ ...shape, inputs: film, gamma: film, predictions: film }),
  );
  mkdirSync(join(folder, 'runs/flying-shapes-3/checkpoints'), { recursive: true });
  const weights = fileURLToPath(weightsUrl('static-shapes')!);
  copyFileSync(weights, join(folder, 'runs/flying-shapes-3/checkpoints/best.safetensors'));
  const program = `nem() { '${process.execPath}' '${cli}' "$@"; }\nset -e\n${lines.join('\n')}\n`;
  const { status, stderr } = spawnSync('bash', ['-c', program], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(readdirSync(join(folder, 'groups'))).toEqual(
    expect.arrayContaining(['photo.png', 'film.gif', 'frames.gif', 'frames.h5']),
  );
});

it.each([
  [
    ['circles', 'drawing.png'],
    "there is no model 'circles': the names are static-shapes, static-shapes-nem, flying-shapes-3, flying-shapes-3-k5, flying-shapes-5, flying-mnist;",
  ],
  [['static-shapes', 'none.png'], 'name a file with an image, or a folder of pictures.'],
  [
    ['static-shapes', 'drawing.png', '--sequence'],
    'the sequence has one frame: name several files, or leave out --sequence.',
  ],
  [
    ['static-shapes', 'drawing.png', 'drawing.png', '--out', '-'],
    '2 files do not go to standard output: give one file',
  ],
  [['static-shapes', 'drawing.png', '--format', 'bmp'], "unknown format 'bmp': use png, gif, npy, hdf5"],
])('nem group %j is refused in one sentence', (args, sentence) => {
  const { status, stderr } = nem('group', ...args);
  expect(status).toBeGreaterThan(0);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
