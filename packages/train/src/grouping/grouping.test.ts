import { readFileSync } from 'node:fs';
import { drawSamples, staticShapes } from '@nem/datasets';
import { type FitOptions, loadModel, type Model } from '@nem/models';
import { groupingAnimation } from '@nem/report';
import { encode } from 'fast-png';
import jpegJs, { encode as encodeJpeg } from 'jpeg-js';
import { GifWriter } from 'omggif';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../errors.js';
import { componentPixels, fitImages, groupImages, oneSequence } from './group-file.js';
import { groupingFiles, parseFormats } from './grouping-files.js';
import { readImages } from './image-files.js';
import { encodeNpy, parseNpy } from './npy.js';

const { features, groups } = drawSamples(staticShapes({ seed: 0 }), 'test', [0, 1, 2]);
const bytes = Uint8Array.from(features, (value) => 255 * value);
const all = { count: 16 };

let model: Model;
beforeAll(async () => {
  model = await loadModel('static-shapes', { engine: 'plain' });
});

const readFitted = async (file: Uint8Array, name: string, fit: FitOptions['fit'] = 'pad') =>
  fitImages(await readImages(file, name, all), model, { fit });

/** An image enlarged ten times, dark on bright, with a margin of 40 pixels on both sides. */
function photo(): Uint8Array {
  const data = new Uint8Array(3 * 280 * 360).fill(220);
  for (let y = 0; y < 280; y++) {
    for (let x = 0; x < 280; x++) {
      if (features[Math.floor(y / 10) * 28 + Math.floor(x / 10)] === 1)
        data.fill(40, 3 * (y * 360 + x + 40), 3 * (y * 360 + x + 41));
    }
  }
  return encode({ width: 360, height: 280, channels: 3, data, depth: 8 });
}

describe('readImages', () => {
  it('makes of a photo the whole sheet, margins too', async () => {
    const { values } = await readFitted(photo(), 'photo.png');
    const lit = (from: number, to: number) =>
      values.reduce((sum, value, i) => sum + (i % 28 >= from && i % 28 < to ? value : 0), 0);
    expect([lit(0, 3), lit(25, 28)]).toEqual([0, 0]);
    expect(lit(3, 25)).toBeGreaterThan(30);
  });

  it('makes of the middle of a photo what the network has been trained on', async () => {
    const found = await groupImages(model, await readFitted(photo(), 'photo.png', 'crop'), {});
    expect(found.inputs).toEqual(features.subarray(0, 784));
    // Three components have the three objects between them, and each nearly one.
    const truth = groups.subarray(0, 784);
    for (const object of [1, 2, 3]) {
      const counts = new Map<number, number>();
      truth.forEach((group, i) => {
        if (group === object) counts.set(found.grouping.labels[i]!, (counts.get(found.grouping.labels[i]!) ?? 0) + 1);
      });
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      expect(Math.max(...counts.values()) / total).toBeGreaterThan(0.8);
    }
  });

  it('reads NumPy and IDX arrays as they are', async () => {
    const array = await readImages(encodeNpy([3, 28, 28], features), 'a.npy', all);
    expect([array.values, array.frames, array.pictures.length]).toEqual([features, undefined, 3]);
    const header = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28);
    const idx = await readImages(Uint8Array.of(...header, ...bytes), 'a.idx', { count: 2 });
    expect([idx.values, idx.frames]).toEqual([features.subarray(0, 2 * 784), 1]);
  });

  it('reads the frames of an animation', async () => {
    const sequence = { steps: 3, batch: 1, components: 1, height: 28, width: 28 };
    const gif = groupingAnimation({ ...sequence, inputs: features, gamma: features, predictions: features });
    const { pictures, frames } = await readImages(gif, 'a.gif', all);
    expect([frames, pictures.length, pictures[0]!.data.length]).toEqual([
      3,
      3,
      4 * pictures[0]!.width * pictures[0]!.height,
    ]);
  });

  it.each([1, 2, 4] as const)('reads grey PNGs of %d bits a pixel, several to a byte', async (depth) => {
    const most = 2 ** depth - 1;
    const [width, height] = [5, 3];
    const grey = Uint8Array.from({ length: width * height }, (_, i) => (7 * i) & most);
    const rowBytes = Math.ceil((width * depth) / 8);
    const packed = new Uint8Array(rowBytes * height);
    grey.forEach((value, i) => {
      const bit = (i % width) * depth;
      packed[Math.floor(i / width) * rowBytes + (bit >> 3)]! |= value << (8 - depth - (bit & 7));
    });
    const file = encode({ width, height, channels: 1, depth, data: packed });
    const { pictures } = await readImages(file, 'grey.png', all);
    expect(pictures).toEqual([{ width, height, data: grey.map((value) => Math.round((255 * value) / most)) }]);
    // Its place in the header; with it the pixels are stored in another order, which is not read.
    file[28] = 1;
    await expect(readImages(file, 'grey.png', all)).rejects.toThrow(UsageError);
  });

  it('clears or restores what a frame of an animation does not leave to the next', async () => {
    const bytes = new Uint8Array(1000);
    const gif = new GifWriter(bytes, 3, 1, { palette: [0x000000, 0xffffff] });
    gif.addFrame(0, 0, 3, 1, [0, 0, 0], { disposal: 1 });
    gif.addFrame(0, 0, 1, 1, [1], { disposal: 3 });
    gif.addFrame(1, 0, 1, 1, [1], { disposal: 2 });
    gif.addFrame(2, 0, 1, 1, [1]);
    const { pictures } = await readImages(bytes.slice(0, gif.end()), 'dot.gif', all);
    const [black, white, none] = [
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [0, 0, 0, 0],
    ];
    expect(pictures.map(({ data }) => Array.from(data))).toEqual(
      [
        [black, black, black],
        [white, black, black],
        [black, white, black],
        [black, none, white],
      ].map((pixels) => pixels.flat()),
    );
  });

  it('lets JPEG have the memory of the largest picture that is read', async () => {
    const picture = { width: 8, height: 8, data: new Uint8Array(256) };
    const file = encodeJpeg(picture, 90).data;
    const decode = vi.spyOn(jpegJs, 'decode');
    await readImages(file, 'photo.jpg', all);
    const { maxMemoryUsageInMB } = decode.mock.calls[0]![1]!;
    // Of 4:4:4 with four colours, as jpeg-js counts.
    expect(maxMemoryUsageInMB! * 2 ** 20).toBeGreaterThan(28 * 2 ** 26);
  });

  it.each([
    [
      'text',
      new TextEncoder().encode('hello'),
      'x has an unknown file format: give one of PNG, JPEG, GIF, NumPy, HDF5, IDX.',
    ],
    ['half a picture', photo().subarray(0, 900), 'x cannot be read as PNG'],
    [
      'HDF5 from standard input',
      Uint8Array.of(0x89, 0x48, 0x44, 0x46),
      'x: an HDF5 file cannot be read from standard input: give its path.',
    ],
    ['a shape', encodeNpy([784], features.subarray(0, 784)), 'x: the NumPy file has the shape [784]'],
  ])('refuses %s', async (_, file, sentence) => {
    await expect(readImages(file, 'x', all)).rejects.toThrow(UsageError);
    await expect(readImages(file, 'x', all)).rejects.toThrow(sentence);
  });
});

describe('oneSequence', () => {
  it('makes several files the frames of one sequence', async () => {
    const frames = [0, 1, 2].map((i) => features.subarray(i * 784, (i + 1) * 784));
    const parts = await Promise.all(frames.map((frame) => readFitted(encodeNpy([28, 28], frame), 'frame.npy')));
    const whole = oneSequence(parts, ['8.npy', '9.npy', '10.npy']);
    expect(whole).toEqual({ values: features, count: 3, frames: 3 });
    const { grouping, inputs } = await groupImages(model, whole, {});
    expect(grouping.shape).toMatchObject({ steps: 2, batch: 1 });
    expect(grouping.gamma).toEqual((await model.group(features, { batch: 1 })).gamma);
    expect(inputs).toEqual(features.subarray(784));
  });

  it('refuses a file of several sequences, whose frames it would mix', async () => {
    const two = Float32Array.of(...features.subarray(0, 1568), ...features.subarray(0, 1568));
    const part = await readFitted(encodeNpy([2, 2, 28, 28], two), 'two.npy');
    expect(() => oneSequence([part], ['two.npy'])).toThrow(UsageError);
    expect(() => oneSequence([part], ['two.npy'])).toThrow('two.npy has 2 sequences, which are no frames of one: ');
    const one = await readFitted(encodeNpy([2, 1, 28, 28], features.subarray(0, 1568)), 'one.npy');
    expect(oneSequence([one, one], ['one.npy', 'one.npy'])).toEqual({ values: two, count: 4, frames: 4 });
  });
});

describe('groupingFiles', () => {
  it('writes a picture, labels and γ', async () => {
    const found = await groupImages(model, await readFitted(encodeNpy([3, 28, 28], features), 'a.npy'), {
      components: 3,
    });
    const files = await groupingFiles(found, ['png', 'npy']);
    expect(files.map(({ ending }) => ending)).toEqual(['.png', '.labels.npy', '.gamma.npy']);
    expect(parseNpy(files[1]!.content)).toMatchObject({ shape: [1, 3, 28, 28], values: found.grouping.labels });
    expect(parseNpy(files[2]!.content)).toMatchObject({ shape: [1, 3, 3, 28, 28], values: found.grouping.gamma });
    const bright = features.reduce((sum, value) => sum + value, 0);
    expect(
      componentPixels(found)
        .flat()
        .reduce((sum, count) => sum + count, 0),
    ).toBe(bright);
  });

  it('knows its formats', () => {
    expect(parseFormats('png, GIF')).toEqual(['png', 'gif']);
    expect(() => parseFormats('bmp')).toThrow("unknown format 'bmp': use png, gif, npy, hdf5, or several with commas.");
  });
});

it('has every engine of @nem/models in its help', () => {
  const help = readFileSync(new URL('../cli/commands/group.ts', import.meta.url), 'utf8');
  expect(help).toContain('auto, native, wasm, tensorflow, webgpu, plain');
});
