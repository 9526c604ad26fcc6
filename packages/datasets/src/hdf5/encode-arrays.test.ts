import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DatasetError } from '../dataset.js';
import { encodeHdf5 } from './encode-arrays.js';
import { type Hdf5Array, loadLibrary } from './library.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-arrays-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('gives back named arrays with their shapes, types and axes, and leaves no temporary file', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('nem-hdf5-'));
  const labels = { shape: [2, 3], values: Uint8Array.of(0, 1, 2, 250, 4, 5), axes: ['batch', 'pixels'] };
  const gamma = { shape: [1, 2, 2], values: Float32Array.of(0.25, 0.75, 1, 0) };
  const file = join(folder, 'arrays.h5');
  writeFileSync(file, await encodeHdf5({ labels, gamma }));
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('nem-hdf5-') && !before.includes(name))).toEqual([]);
  const read = (await loadLibrary()).open(file, 'r');
  const found = (name: string) => read.get(name) as Hdf5Array;
  expect([found('labels').shape, found('labels').value, found('labels').dtype]).toEqual([[2, 3], labels.values, '<B']);
  expect(found('labels').attrs.axes?.value).toEqual(['batch', 'pixels']);
  expect([found('gamma').shape, found('gamma').value, found('gamma').dtype]).toEqual([[1, 2, 2], gamma.values, '<f']);
  read.close();
});

it.each([
  ['', [3], "the name of the array is '': give a text without slashes."],
  ['p/q', [3], "the name of the array is 'p/q': give a text without slashes."],
  ['gamma', [], 'the array gamma has the shape []: give the lengths of 1 to 32 axes, e.g. [3].'],
  ['gamma', [1.5, 2], 'the array gamma has the shape [1.5, 2]: give the lengths of 1 to 32 axes, e.g. [3].'],
])('refuses the name %j with the shape %j in one sentence', async (name, shape, sentence) => {
  const writing = encodeHdf5({ [name]: { shape, values: new Float32Array(3) } });
  await expect(writing).rejects.toThrow(new DatasetError(sentence));
});

it('takes an array without values', async () => {
  expect(await encodeHdf5({ none: { shape: [0, 3], values: new Float32Array(0) } })).toBeInstanceOf(Uint8Array);
});

it('refuses a shape of another size in one sentence', async () => {
  await expect(encodeHdf5({ gamma: { shape: [2, 2], values: new Float32Array(3) } })).rejects.toThrow(
    new DatasetError('the array gamma has 3 values and the shape [2, 2]: give as many values as the shape has places.'),
  );
});
