import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openHdf5, writeHdf5 } from './hdf5/index.js';
import {
  BatchOrder,
  batches,
  DatasetError,
  defineDataset,
  drawSamples,
  flyingMnist,
  flyingShapes,
  staticMnist,
  staticShapes,
} from './index.js';
import { digitsFromIdx, downloadMnist, loadDigits } from './mnist/index.js';

const images = { shape: [6, 4, 4], data: new Uint8Array(96) };
const digits = digitsFromIdx(images, images, 'black');
const dataset = staticShapes();
const file = join(tmpdir(), 'nem-options.h5');
const shapes = ['seed', 'sizes', 'height', 'width', 'objects'];
const download = ['mirrors', 'timeout', 'progress', 'abort'];

/** Every function that takes an object of options: how it is called with one, what it needs there, and all its names. */
const callers: Record<string, [call: (options: never) => unknown, needed: object, names: string[]]> = {
  staticShapes: [staticShapes, {}, shapes],
  flyingShapes: [flyingShapes, {}, [...shapes, 'frames', 'motion']],
  staticMnist: [staticMnist, { digits }, [...shapes, 'digits', 'variations', 'groupThreshold']],
  flyingMnist: [flyingMnist, { digits }, [...shapes, 'digits', 'variations', 'groupThreshold', 'frames', 'motion']],
  BatchOrder: [
    (options) => new BatchOrder(options),
    { size: 3, batchSize: 2, seed: 0 },
    ['size', 'batchSize', 'seed', 'epoch', 'shuffle', 'dropLast'],
  ],
  integerPixel: [
    (motion) => flyingShapes({ motion }),
    { type: 'integerPixel', maxVelocity: 1 },
    ['type', 'maxVelocity'],
  ],
  subPixel: [(motion) => flyingShapes({ motion }), { type: 'subPixel', speed: [1, 2] }, ['type', 'speed']],
  loadDigits: [loadDigits, {}, ['folder', 'cache', 'download', ...download]],
  downloadMnist: [downloadMnist, { folder: tmpdir(), files: [] }, ['folder', 'files', ...download]],
  writeHdf5: [writeHdf5, { dataset, file, counts: {} }, ['dataset', 'file', 'counts', 'progress', 'abort']],
  'counts of writeHdf5': [(counts) => writeHdf5({ dataset, file, counts }), {}, ['training', 'validation', 'test']],
  'sizes of splits': [(sizes) => staticShapes({ sizes }), {}, ['training', 'validation', 'test']],
};

async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError);
    expect((error as Error).message).toMatch(/^[^\n]{1,300}\.$/);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe.each(Object.entries(callers))('the options of %s', (_, [call, needed, names]) => {
  it('are its names, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.anything(), async (name, value) => {
        fc.pre(!names.includes(name));
        const message = await refusal(() => call({ ...needed, ...Object.fromEntries([[name, value]]) } as never));
        for (const known of names) expect(message).toContain(known);
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it('are an object', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.anything()), fc.constant(null)),
        async (options) => {
          await refusal(() => call(options as never));
        },
      ),
      { seed: 4, numRuns: 50 },
    );
  });
});

describe('an unknown option', () => {
  it.each<[() => unknown, string]>([
    [
      () => staticShapes({ object: 5 } as object),
      "staticShapes has no option 'object' (did you mean objects?): give any",
    ],
    [() => staticShapes({ Height: 5 } as object), 'did you mean height?'],
    [() => flyingShapes({ frame: 5 } as object), 'did you mean frames?'],
    [() => flyingShapes({ q: 5 } as object), "flyingShapes has no option 'q': give any of seed, sizes,"],
    [
      () => flyingShapes({ speed: [1, 2] } as object),
      "flyingShapes has no option 'speed': give motion: { type: 'subPixel', speed: [slowest, fastest] }.",
    ],
    [() => flyingMnist({ digits, speed: 1 } as never), "give motion: { type: 'subPixel'"],
    [() => staticShapes('5' as never), "the options of staticShapes are '5': give an object with any of seed,"],
    [() => staticShapes({ sizes: 5 as never }), 'the sizes of the splits are 5: give an object'],
    [() => writeHdf5({ dataset, file, counts: { tset: 1 } as object }), "writeHdf5's counts has no option 'tset'"],
    [() => loadDigits({ folders: '/x' } as object), 'did you mean folder?'],
    [() => flyingMnist({} as never), 'the digits are undefined: give what loadDigits or digitsFromIdx returns.'],
    [() => staticMnist({ digits: 'mnist' } as never), "the digits are 'mnist': give"],
  ])('is told, with the nearest one: %#', async (call, message) => {
    expect(await refusal(call)).toContain(message);
  });
});

describe('a value of another type', () => {
  const text = 'x'.repeat(1e6);
  const order = { size: 3, batchSize: 2, seed: 0 };
  const quoted = `'${'x'.repeat(60)}…'`;
  it.each<[string, (value: never) => unknown]>([
    ['the number of objects is', (objects) => staticShapes({ objects })],
    ['the image is', (height) => staticShapes({ height })],
    ['the number of frames is', (frames) => flyingShapes({ frames })],
    ["the motion's type is", (type) => flyingShapes({ motion: { type } as never })],
    ["the motion's maxVelocity is", (maxVelocity) => flyingShapes({ motion: { type: 'integerPixel', maxVelocity } })],
    ["the motion's speed is", (speed) => flyingShapes({ motion: { type: 'subPixel', speed } })],
    ['the speed range is', (speed) => flyingShapes({ motion: { type: 'subPixel', speed: [speed, 1] } })],
    ['the size of the test split is', (test) => staticShapes({ sizes: { test } })],
    ['the number of variations is', (variations) => flyingMnist({ digits, variations })],
    ['groupThreshold is', (groupThreshold) => flyingMnist({ digits, groupThreshold })],
    ['the batch size is', (batchSize) => new BatchOrder({ ...order, batchSize })],
    ['the number of samples is', (size) => new BatchOrder({ ...order, size })],
    ['the seed is', (seed) => new BatchOrder({ ...order, seed, shuffle: false })],
    ['the seed is', (seed) => staticShapes({ seed })],
    ['the seed is', (seed) => flyingMnist({ digits, seed })],
    ['the seed is', (seed) => defineDataset({ name: 'bars', height: 4, width: 4, objects: 1, seed, draw: () => {} })],
    ['the epoch is', (epoch) => new BatchOrder({ ...order, epoch, shuffle: false })],
    ['shuffle is', (shuffle) => new BatchOrder({ ...order, shuffle })],
    ['dropLast is', (dropLast) => new BatchOrder({ ...order, dropLast })],
    ['there is no batch', (batch) => new BatchOrder(order).indices(batch)],
    ['download is', (wanted) => loadDigits({ download: wanted })],
    ['the mirrors are', (mirrors) => downloadMnist({ folder: tmpdir(), files: [], mirrors })],
    ['the number of test samples is', (test) => writeHdf5({ dataset, file, counts: { test } })],
    ['there is no split', (split) => drawSamples(dataset, split, [0])],
    ['static-shapes has no test sample', (index) => drawSamples(dataset, 'test', [index])],
    ['the indices of the samples are', (indices) => drawSamples(dataset, 'test', indices)],
  ])('is quoted and cut: %s', async (start, call) => {
    expect(await refusal(() => call(text as never))).toContain(`${start} ${quoted}`);
    expect(await refusal(() => call('1' as never))).toContain(`${start} '1'`);
  });

  it('is refused where a seed or an epoch is out of range', async () => {
    for (const seed of [-1, 0.5, 2 ** 53]) {
      expect(await refusal(() => staticShapes({ seed }))).toBe(
        `the seed is ${seed}: give an integer from 0 to 9007199254740991.`,
      );
    }
    expect(await refusal(() => batches(dataset, 'test', { epoch: -1 }))).toBe(
      'the epoch is -1: give an integer from 0 to 4294967295.',
    );
  });

  it('goes by its name where it is no finite number', async () => {
    expect(await refusal(() => staticShapes({ objects: Number('1e400') }))).toContain('objects is Infinity:');
    expect(await refusal(() => staticShapes({ objects: Number.NaN }))).toContain('objects is NaN:');
    expect(await refusal(() => new BatchOrder({ ...order, size: undefined as never }))).toContain('is undefined:');
    expect(await refusal(() => loadDigits({ folder: text }))).toBe(`the folder of digits is ${quoted}: give a path.`);
    expect(await refusal(() => openHdf5(text))).toBe(`the HDF5 file is ${quoted}: give a path.`);
    expect(await refusal(() => loadDigits({ folder: 5 as never }))).toBe('the folder of digits is 5: give a path.');
    expect(await refusal(() => loadDigits({ cache: {} as never }))).toContain('the cache of digits is an object:');
  });

  it('and the name of a property of every object is no split', async () => {
    expect(await refusal(() => drawSamples(dataset, 'constructor' as never, [0]))).toContain(
      "there is no split 'constructor': use training, validation or test.",
    );
  });
});
