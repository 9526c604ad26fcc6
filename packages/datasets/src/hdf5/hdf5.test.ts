import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { File } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dataset, DatasetError, drawSamples, type Split } from '../dataset.js';
import { readRegular } from '../files/regular-file.js';
import { flyingShapes } from '../flying-shapes.js';
import { digitsFromIdx } from '../mnist/digits.js';
import { staticMnist } from '../mnist/flying-mnist.js';
import { loadDigits } from '../mnist/index.js';
import { staticShapes } from '../static-shapes.js';
import { loadLibrary } from './library.js';
import { openHdf5 } from './open-hdf5.js';
import { writeHdf5 } from './write-hdf5.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-hdf5-'));
afterAll(() => rmSync(folder, { recursive: true }));

const shapes = flyingShapes({ frames: 5, objects: 4, height: 14, width: 20 });
const whole = join(folder, 'whole.h5');
const counts = { training: 30, validation: 7, test: 11 };
beforeAll(() => writeHdf5({ dataset: shapes, file: whole, counts }));

function expectSame(a: Dataset, b: Dataset, split: Split, indices: number[]) {
  const one = drawSamples(a, split, indices);
  const two = drawSamples(b, split, indices);
  expect(Buffer.from(one.features.buffer).equals(Buffer.from(two.features.buffer))).toBe(true);
  expect(Buffer.from(one.groups).equals(Buffer.from(two.groups))).toBe(true);
}

describe('an HDF5 file', () => {
  it('gives back what was written, in any order', async () => {
    const read = await openHdf5(whole);
    expect(read.sizes).toEqual(counts);
    expect([read.frames, read.height, read.width, read.objects]).toEqual([5, 14, 20, 4]);
    for (const [split, size] of Object.entries(counts) as [Split, number][]) {
      fc.assert(
        fc.property(fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 9 }), (indices) =>
          expectSame(read, shapes, split, indices),
        ),
        { seed: 8, numRuns: 30 },
      );
    }
    expect(() => drawSamples(read, 'test', [11])).toThrow('whole.h5 has no test sample 11');
    read.close();
    read.close();
    expect(() => drawSamples(read, 'test', [0])).toThrow('closed');
  });

  it('of many blocks, or of still images, holds the same samples as its dataset', async () => {
    const file = join(folder, 'still.h5');
    const dataset = staticShapes({ seed: 3, height: 64, width: 64 });
    const written: number[] = [];
    await writeHdf5({ dataset, file, counts: { training: 700 }, progress: (samples) => written.push(samples) });
    expect(written.at(-1)).toBe(702);
    expect(written.length).toBeGreaterThan(4);
    const read = await openHdf5(file);
    expect(read.frames).toBe(1);
    expectSame(read, dataset, 'training', [0, 255, 256, 257, 511, 512, 699]);
    read.close();
  });

  it('of few large images, nearly all black, is large enough for a reader to accept it', async () => {
    const file = join(folder, 'large.h5');
    const dataset = staticShapes({ seed: 3, height: 700, width: 800 });
    await writeHdf5({ dataset, file, counts: {} });
    const read = await openHdf5(file);
    expectSame(read, dataset, 'training', [0]);
    read.close();
  });

  it.each([
    ['no number', { test: Number.NaN }, 'NaN'],
    ['too many', { test: 20_000 }, '20000'],
  ])('is not written for a count that is %s', async (_, wrong, named) => {
    await expect(writeHdf5({ dataset: shapes, file: join(folder, 'a.h5'), counts: wrong })).rejects.toThrow(named);
  });

  it('is not written of what is no dataset', async () => {
    const writing = writeHdf5({ dataset: 'shapes' as never, file: join(folder, 'a.h5'), counts: {} });
    await expect(writing).rejects.toThrow(
      "the dataset is 'shapes': give e.g. what staticShapes or defineDataset returns.",
    );
  });

  it.each<[string, (source: string) => string]>([
    ['itself', (source) => source],
    [
      'a link to itself',
      (source) => {
        symlinkSync(source, `${source}.link`);
        return `${source}.link`;
      },
    ],
  ])('is not written over %s', async (name, target) => {
    const source = join(folder, `${name}.h5`);
    copyFileSync(whole, source);
    const dataset = await openHdf5(source);
    const writing = writeHdf5({ dataset, file: target(source), counts: {} });
    await expect(writing).rejects.toThrow(DatasetError);
    await expect(writing).rejects.toThrow(`is ${source}, from which the samples are read: write to another file.`);
    dataset.close();
    expect(readFileSync(source).equals(readFileSync(whole))).toBe(true);
  });

  it('is written beside whatever has the name of its temporary file, also by several at once', async () => {
    const file = join(folder, 'several.h5');
    copyFileSync(whole, `${file}.part`);
    const dataset = await openHdf5(`${file}.part`);
    await Promise.all([1, 2, 3].map((test) => writeHdf5({ dataset, file, counts: { test } })));
    dataset.close();
    expect(readFileSync(`${file}.part`).equals(readFileSync(whole))).toBe(true);
    expect(
      readdirSync(folder)
        .filter((name) => name.startsWith('several.h5'))
        .sort(),
    ).toEqual(['several.h5', 'several.h5.part']);
    const read = await openHdf5(file);
    expectSame(read, shapes, 'test', [0]);
    read.close();
  });

  it('passes on what the dataset and progress throw, and leaves nothing behind', async () => {
    const file = join(folder, 'thrown.h5');
    const wrong = new TypeError('wrong');
    const fail = () => {
      throw wrong;
    };
    await expect(writeHdf5({ dataset: { ...shapes, draw: fail }, file, counts })).rejects.toBe(wrong);
    await expect(writeHdf5({ dataset: shapes, file, counts, progress: fail })).rejects.toBe(wrong);
    expect(readdirSync(folder).filter((name) => name.startsWith('thrown.h5'))).toEqual([]);
  });

  it('is not written on where something aborts it meanwhile, and leaves nothing behind', async () => {
    const file = join(folder, 'aborted.h5');
    const controller = new AbortController();
    const reason = new Error('enough');
    const written: number[] = [];
    const progress = (samples: number) => {
      written.push(samples);
      // As a signal or a timer of the program would: not before the writing lets it in.
      setImmediate(() => controller.abort(reason));
    };
    const writing = writeHdf5({ dataset: shapes, file, counts, progress, abort: controller.signal });
    await expect(writing).rejects.toBe(reason);
    expect(written).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.startsWith('aborted.h5'))).toEqual([]);
  });

  it("keeps the system's error as the cause where it cannot be written", async () => {
    const writing = writeHdf5({ dataset: shapes, file: join(folder, 'x'.repeat(253)), counts });
    await expect(writing).rejects.toMatchObject({
      code: 'NEM_DATASET_FILE',
      message: expect.stringMatching(/x cannot be written \(ENAMETOOLONG: .*\): choose another place, or free room\.$/),
      cause: { code: 'ENAMETOOLONG' },
    });
  });

  it('is not written of a dataset with an empty split', async () => {
    const dataset = staticShapes({ sizes: { validation: 0 } });
    await expect(writeHdf5({ dataset, file: join(folder, 'a.h5'), counts: {} })).rejects.toThrow(
      'the layout needs at least one validation sample, and static-shapes has none: give it sizes with at least one.',
    );
  });

  it('is not written over the files that digits were read from', async () => {
    const file = join(folder, 'train-images-idx3-ubyte');
    writeFileSync(file, 'images');
    const images = { shape: [6, 28, 28], data: new Uint8Array(6 * 28 * 28) };
    const digits = { ...digitsFromIdx(images, images, 'black'), files: [file] };
    const writing = writeHdf5({ dataset: staticMnist({ digits }), file, counts: {} });
    await expect(writing).rejects.toThrow(`is ${file}, from which the samples are read`);
    expect(readFileSync(file, 'utf8')).toBe('images');
  });

  it('is not written into a folder that does not exist', async () => {
    const writing = writeHdf5({ dataset: shapes, file: join(folder, 'none/a.h5'), counts });
    await expect(writing).rejects.toThrow(DatasetError);
    await expect(writing).rejects.toThrow('none/a.h5 cannot be written');
  });
});

const python = process.env.PYTHON ?? 'python3';
const hasH5py = spawnSync(python, ['-c', 'import h5py']).status === 0;

it.skipIf(!hasH5py)(
  'opens in h5py with the layout of the authors, and a file by h5py opens here (needs h5py)',
  async () => {
    const copy = join(folder, 'copy.h5');
    const script = `
import h5py, json, sys
out = {}
with h5py.File(sys.argv[1]) as f, h5py.File(sys.argv[2], 'w') as g:
    for split in f:
        for name in f[split]:
            a = f[split][name]
            out[split + '/' + name] = [list(a.shape), str(a.dtype), float(a[...].sum(dtype='f8'))]
            g.create_dataset(split + '/' + name, data=a[...])
print(json.dumps(out))`;
    const { stdout, stderr } = spawnSync(python, ['-c', script, whole, copy], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const layout = JSON.parse(stdout) as Record<string, [number[], string, number]>;
    const copied = await openHdf5(copy);
    for (const [split, count] of Object.entries(counts) as [Split, number][]) {
      const { features, groups } = drawSamples(
        shapes,
        split,
        Array.from({ length: count }, (_, i) => i),
      );
      const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);
      expect(layout[`${split}/features`]).toEqual([[5, count, 14, 20, 1], 'float32', sum(features)]);
      expect(layout[`${split}/groups`]).toEqual([[5, count, 14, 20, 1], 'float32', sum(groups)]);
      expectSame(copied, shapes, split, [0, count - 1]);
    }
    copied.close();
  },
);

/** A file with arrays of these shapes and values. */
async function writeArrays(name: string, arrays: Record<string, { shape: number[]; value?: number; dtype?: string }>) {
  const library = await loadLibrary();
  const path = join(folder, name);
  const file = library.open(path, 'w');
  for (const split of new Set(Object.keys(arrays).map((key) => key.split('/')[0]!))) file.create_group(split);
  for (const [key, { shape, value = 0, dtype = '<f' }] of Object.entries(arrays)) {
    const length = shape.reduce((product, size) => product * size, 1);
    const data = dtype === '<f' ? new Float32Array(length).fill(value) : new Float64Array(length).fill(value);
    file.create_dataset({ name: key, shape, dtype, data });
  }
  file.close();
  return path;
}

const all = (shape: number[], other: Record<string, { shape: number[]; value?: number; dtype?: string }> = {}) => ({
  'training/features': { shape },
  'training/groups': { shape },
  'validation/features': { shape },
  'validation/groups': { shape },
  'test/features': { shape },
  'test/groups': { shape },
  ...other,
});

describe('a file that cannot be used gives one sentence', () => {
  const small = [2, 3, 4, 4, 1];
  it.each([
    ['axes', all([3, 4, 4, 1]), '[3, 4, 4, 1]'],
    ['colours', all([2, 3, 4, 4, 3]), '3 channels'],
    ['doubles', all(small, { 'test/groups': { shape: small, dtype: '<d' } }), 'test/groups is no float32'],
    ['unequal', all(small, { 'test/groups': { shape: [2, 2, 4, 4, 1] } }), 'they must be equal'],
    [
      'sizes',
      all(small, { 'test/features': { shape: [2, 3, 5, 4, 1] }, 'test/groups': { shape: [2, 3, 5, 4, 1] } }),
      'one size',
    ],
    [
      'no split',
      { 'training/features': { shape: small }, 'training/groups': { shape: small } },
      "the group 'validation' is missing",
    ],
    ['no array', { 'training/features': { shape: small } }, "the array 'training/groups' is missing"],
  ])('for %s', async (name, arrays, named) => {
    const opening = openHdf5(await writeArrays(`${name}.h5`, arrays));
    await expect(opening).rejects.toThrow(DatasetError);
    await expect(opening).rejects.toThrow(named);
  });

  it.each([
    ['bright', { 'test/features': { shape: small, value: 1.5 } }, 'the value 1.5 in sample 2'],
    ['fraction', { 'test/groups': { shape: small, value: 0.5 } }, 'the value 0.5 in sample 2'],
    ['large', { 'test/groups': { shape: small, value: 256 } }, 'the value 256 in sample 2'],
  ])('for values that are %s', async (name, arrays, named) => {
    const read = await openHdf5(await writeArrays(`${name}.h5`, all(small, arrays)));
    expect(() => drawSamples(read, 'test', [2])).toThrow(DatasetError);
    expect(() => drawSamples(read, 'test', [2])).toThrow(named);
    read.close();
  });

  it('for one that is truncated, of another format, or missing', async () => {
    const path = join(folder, 'truncated.h5');
    writeFileSync(path, readFileSync(whole));
    truncateSync(path, 5000);
    await expect(openHdf5(path)).rejects.toThrow(/^\S*truncated\.h5: it cannot be read \(.*\): write it again\.$/);
    writeFileSync(path, 'no HDF5 at all');
    await expect(openHdf5(path)).rejects.toThrow('it cannot be read (Not an HDF5 file)');
    await expect(openHdf5(path)).rejects.toThrow(DatasetError);
    await expect(openHdf5(join(folder, 'nowhere.h5'))).rejects.toThrow('no such file');
  });
});

it('memory does not grow with the file: 395 MB of sequences take as much as 13 MB', () => {
  const program = fileURLToPath(new URL('../../test/hdf5-memory.mjs', import.meta.url));
  const peak = (count: number) => {
    const { stdout, stderr } = spawnSync(process.execPath, [program, join(folder, 'large.h5'), String(count)], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return Number(stdout);
  };
  expect(peak(3000) - peak(100)).toBeLessThan(1e8);
});

describe('a small file that asks for much memory is refused', () => {
  const hostile = async (
    name: string,
    array: { shape: number[]; maxshape?: number[]; chunks: number[]; data: number },
  ) => {
    const library = await loadLibrary();
    const path = join(folder, `${name}.h5`);
    const file = library.open(path, 'w');
    for (const split of ['training', 'validation', 'test']) {
      const group = file.create_group(split);
      for (const part of ['features', 'groups']) {
        const { shape, data, ...layout } = array;
        const first = [1, data, ...shape.slice(2)];
        const values = new Float32Array(first.reduce((product, size) => product * size, 1));
        const created = group.create_dataset({
          ...{ name: part, dtype: '<f', shape: first, maxshape: shape, compression: 9, data: values },
          ...layout,
        });
        created.resize(shape);
      }
    }
    file.close();
    return path;
  };

  it.each([
    ['samples', { shape: [1, 2 ** 31, 4, 4, 1], chunks: [1, 64, 4, 4, 1], data: 1 }, 'more than ten times its file'],
    ['frames', { shape: [2 ** 20, 2, 4, 4, 1], chunks: [64, 1, 4, 4, 1], data: 1 }, 'more than ten times its file'],
    ['a chunk', { shape: [1, 400, 64, 64, 1], chunks: [1, 400, 64, 64, 1], data: 400 }, 'stored in parts'],
  ])('for %s', async (name, array, named) => {
    const path = await hostile(name, array);
    expect(statSync(path).size).toBeLessThan(150_000);
    const opening = openHdf5(path);
    await expect(opening).rejects.toThrow(DatasetError);
    await expect(opening).rejects.toThrow(named);
  });
});

it.skipIf(!hasH5py)('an array in one piece may not ask for more than ten times a small file (needs h5py)', async () => {
  const make = `
import h5py, sys
for size in [56, 200]:
    with h5py.File(f'{sys.argv[1]}/piece-{size}.h5', 'w') as f:
        for split in ['training', 'validation', 'test']:
            for name in ['features', 'groups']:
                f.require_group(split).create_dataset(name, (1, 1, size, size, 1), '<f4')`;
  expect(spawnSync(python, ['-c', make, folder], { encoding: 'utf8' }).stderr).toBe('');
  const [small, large] = [join(folder, 'piece-56.h5'), join(folder, 'piece-200.h5')];
  // Nothing is written: the file is its headers.
  expect(statSync(large).size).toBeLessThan((4 * 200 * 200) / 10);
  (await openHdf5(small)).close();
  await expect(openHdf5(large)).rejects.toThrow('more than ten times its file');
});

it.skipIf(!hasH5py)('a file that names other files reads none of them (needs h5py)', async () => {
  const make = `
import h5py, numpy as np, sys
folder, outside = sys.argv[1:]
np.zeros(96, dtype='<f4').tofile(outside)
with h5py.File(outside + '.h5', 'w') as other:
    other.create_dataset('features', data=np.zeros((2, 3, 4, 4, 1), '<f4'))
for kind in ['link', 'storage']:
    with h5py.File(f'{folder}/{kind}.h5', 'w') as f:
        for split in ['training', 'validation', 'test']:
            for name in ['features', 'groups']:
                if kind == 'link': f.require_group(split)[name] = h5py.ExternalLink(outside + '.h5', '/features')
                else: f.require_group(split).create_dataset(name, (2, 3, 4, 4, 1), '<f4', external=[(outside, 0, 384)])`;
  const { stderr } = spawnSync(python, ['-c', make, folder, join(folder, 'outside')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  for (const name of ['link.h5', 'storage.h5']) {
    const opening = openHdf5(join(folder, name));
    await expect(opening).rejects.toThrow(DatasetError);
    await expect(opening).rejects.toThrow(name);
  }
});

it('a program may use the HDF5 library for other files at the same time', async () => {
  const [ours, theirs] = [join(folder, 'ours.h5'), join(folder, 'theirs.h5')];
  for (const file of [ours, theirs]) {
    await writeHdf5({ dataset: staticShapes({ seed: 0 }), file, counts: { training: 1, validation: 1, test: 1 } });
  }
  const opened = await openHdf5(ours);
  const file = new File(theirs, 'r');
  expect(file.keys()).toEqual(['test', 'training', 'validation']);
  file.close();
  expect(drawSamples(opened, 'test', [0]).features).toHaveLength(784);
  opened.close();
});

it.skipIf(!hasH5py)('every filter of h5py is read, or named (needs h5py)', async () => {
  const make = `
import h5py, json, numpy as np, sys
data = np.floor(np.random.default_rng(0).random((2, 3, 16, 16, 1)) * 5).astype('<f4') / 4
kinds = dict(
    gzip=dict(compression='gzip', compression_opts=9), shuffle=dict(compression='gzip', shuffle=True),
    fletcher32=dict(fletcher32=True), scaleoffset=dict(scaleoffset=3), szip=dict(compression='szip'),
    all=dict(compression='gzip', shuffle=True, fletcher32=True), lzf=dict(compression='lzf'),
    shuffled=dict(compression='lzf', shuffle=True))
made = {}
for name, options in kinds.items():
    if name == 'szip' and not h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP): continue
    with h5py.File(f'{sys.argv[1]}/filter-{name}.h5', 'w') as f:
        for split in ['training', 'validation', 'test']:
            for part in ['features', 'groups']:
                values = np.minimum(data, 1) if part == 'features' else data * 4
                f.require_group(split).create_dataset(part, data=values, chunks=(2, 1, 16, 16, 1), **options)
        made[name] = [float(f['test/features'][:, i].sum()) for i in range(3)]
print(json.dumps(made))`;
  const { stdout, stderr } = spawnSync(python, ['-c', make, folder], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const made = Object.entries(JSON.parse(stdout) as Record<string, number[]>);
  expect(made.length).toBeGreaterThanOrEqual(7);
  for (const [name, sums] of made) {
    const opening = openHdf5(join(folder, `filter-${name}.h5`));
    if (name === 'lzf' || name === 'shuffled') {
      await expect(opening).rejects.toThrow(DatasetError);
      await expect(opening).rejects.toThrow(
        "training/features is stored through 'lzf' (filter 32000), which cannot be read here: write it with gzip or without compression.",
      );
      continue;
    }
    const read = await opening;
    for (const [i, sum] of sums.entries()) {
      expect(drawSamples(read, 'test', [i]).features.reduce((a, b) => a + b, 0)).toBe(sum);
    }
    read.close();
  }
});

/** Runs with the rights of a user who owns nothing, where that can be chosen. */
async function withoutRights<T>(run: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

it.skipIf(process.platform === 'win32')('a file without the right to read it is told as such', async () => {
  const path = join(folder, 'secret.h5');
  writeFileSync(path, readFileSync(whole), { mode: 0o000 });
  chmodSync(folder, 0o755);
  await withoutRights(async () => {
    const opening = openHdf5(path);
    await expect(opening).rejects.toThrow(DatasetError);
    await expect(opening).rejects.toThrow('secret.h5 cannot be read (EACCES: permission denied');
    await expect(readRegular(path)).rejects.toThrow('secret.h5 cannot be read (EACCES: permission denied');
  });
  // A folder that may not be entered: not even whether the file exists can be told.
  chmodSync(folder, 0o000);
  try {
    await withoutRights(async () => {
      await expect(openHdf5(whole)).rejects.toThrow('whole.h5 cannot be read (EACCES: permission denied');
      await expect(loadDigits({ folder })).rejects.toThrow('cannot be read (EACCES: permission denied');
    });
  } finally {
    chmodSync(folder, 0o700);
  }
});

it('a path that is none or cannot be followed is a sentence', async () => {
  await expect(openHdf5(join(whole, 'below'))).rejects.toThrow(
    /^\S*below cannot be read \(ENOTDIR: .*\): give another/,
  );
  await expect(openHdf5('x'.repeat(5000))).rejects.toThrow('cannot be read (ENAMETOOLONG');
  await expect(openHdf5(5 as unknown as string)).rejects.toThrow('the HDF5 file is 5: give a path.');
  const writing = writeHdf5({ dataset: shapes, file: null as unknown as string, counts });
  await expect(writing).rejects.toThrow('the HDF5 file is null: give a path.');
});

/** What became of damaged files number `begin` and up: test/damaged-hdf5.mjs in a process of its own. */
interface Outcome {
  readonly read: number;
  readonly refused: number;
  readonly next: number;
  readonly growth: number;
  readonly unexpected?: string;
}

const script = fileURLToPath(new URL('../../test/damaged-hdf5.mjs', import.meta.url));
const run = promisify(execFile);

/** Reads damaged files `begin` to `end` − 1; where one stops the library, the rest in another process. */
async function readDamaged(file: string, begin: number, end: number) {
  const sum = { read: 0, refused: 0, processes: 0 };
  for (let next = begin; next < end; sum.processes++) {
    // A process that hangs is killed, and fails the test.
    const { stdout } = await run(process.execPath, [script, file, String(next), String(end)], { timeout: 240_000 });
    const outcome = JSON.parse(stdout) as Outcome;
    expect(outcome.unexpected).toBeUndefined();
    // Files of a few kilobytes: the library's memory has room for what they may ask for.
    expect(outcome.growth).toBe(0);
    sum.read += outcome.read;
    sum.refused += outcome.refused;
    next = outcome.next;
  }
  return sum;
}

it('10,000 damaged HDF5 files each give a DatasetError or samples, in the memory that there is', async () => {
  const small = await writeArrays('small.h5', all([2, 3, 4, 4, 1]));
  const parts = await Promise.all([readDamaged(small, 0, 5000), readDamaged(small, 5000, 10_000)]);
  const sum = (name: 'read' | 'refused' | 'processes') => parts[0][name] + parts[1][name];
  expect(sum('read') + sum('refused')).toBe(10_000);
  expect(sum('read')).toBeGreaterThan(500);
  expect(sum('refused')).toBeGreaterThan(5000);
  // Most damage is refused without the library having to stop.
  expect(sum('processes')).toBeLessThan(60);
});
