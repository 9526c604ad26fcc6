import { gzipSync } from 'node:zlib';
import { deriveKey, fillIntegers, RandomStream } from '@nem/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../dataset.js';
import { parseIdx, readIdx, readIdxShape } from './idx.js';

/** An IDX file of random bytes. */
function idx(shape: readonly number[], seed = 0): Uint8Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const bytes = new Uint8Array(4 + 4 * shape.length + length);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  fillIntegers(deriveKey(seed, 'idx'), bytes.subarray(4 + 4 * shape.length), 256);
  return bytes;
}

describe('IDX files', () => {
  it('of any shape are read, gzipped or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }), fc.nat(), async (shape, seed) => {
        const bytes = idx(shape, seed);
        const plain = parseIdx(bytes);
        expect(plain.shape).toEqual(shape);
        const unzipped = await readIdx(gzipSync(bytes));
        expect(unzipped.shape).toEqual(shape);
        expect(Buffer.from(unzipped.data).equals(Buffer.from(plain.data))).toBe(true);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('that compress to a thousandth are read', async () => {
    // Labels sorted by class, as many a set has them, and images that are black.
    const labels = idx([60_000]);
    labels.subarray(8).forEach((_, i, all) => {
      all[i] = Math.floor(i / 6000);
    });
    const black = idx([2000, 28, 28]);
    black.fill(0, 16);
    for (const file of [labels, black]) {
      const zipped = gzipSync(file);
      expect(file.length / zipped.length).toBeGreaterThan(300);
      const { shape, data } = await readIdx(zipped);
      expect(shape).toEqual(parseIdx(file).shape);
      expect(Buffer.from(data).equals(Buffer.from(parseIdx(file).data))).toBe(true);
    }
  });

  it('take the room of what they hold, whatever their header announces', async () => {
    /** A file that holds `held` random bytes where its header announces `shape`. */
    const announcing = (shape: number[], held: number) => {
      const bytes = idx([...shape.slice(1).fill(1), held]);
      shape.forEach((size, axis) => {
        new DataView(bytes.buffer).setUint32(4 + 4 * axis, size);
      });
      return gzipSync(bytes);
    };
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 3; i++) {
      await expect(readIdx(announcing([1e9], 2 ** 20))).rejects.toThrow('where its header announces 1000000008');
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2e8);
    await expect(readIdx(announcing([2 ** 31, 2 ** 31], 10))).rejects.toThrow('of gzip can hold: it is damaged');
    await expect(readIdx(announcing([5], 6))).rejects.toThrow('holds more than the 13 bytes that its header announces');
    await expect(readIdx(announcing([5], 100_000))).rejects.toThrow('holds more than the 13 bytes');
    await expect(readIdx(announcing([5], 4))).rejects.toThrow('12 bytes where its header announces 13');
  });

  it('of any type tell their shape, gzipped or not', async () => {
    const types = fc.constantFrom([8, 1], [9, 1], [11, 2], [12, 4], [13, 4], [14, 8]);
    const shapes = fc.array(fc.nat(9), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(types, shapes, async ([type, size], shape) => {
        const bytes = idx([...shape, size]);
        const typed = new Uint8Array(bytes.length - 4);
        typed.set([0, 0, type, shape.length]);
        typed.set(bytes.subarray(4, 4 + 4 * shape.length), 4);
        expect(await readIdxShape(typed)).toEqual(shape);
        expect(await readIdxShape(gzipSync(typed))).toEqual(shape);
        for (const wrong of [typed.subarray(0, -1), Uint8Array.of(...typed, 0)]) {
          await expect(readIdxShape(wrong)).rejects.toThrow(DatasetError);
          await expect(readIdxShape(gzipSync(wrong))).rejects.toThrow(DatasetError);
        }
        if (type !== 8) await expect(readIdx(typed)).rejects.toThrow(`type code is ${type}: only unsigned bytes (8)`);
      }),
      { seed: 3, numRuns: 50 },
    );
    await expect(readIdxShape(Uint8Array.of(0, 0, 10, 1, 0, 0, 0, 0))).rejects.toThrow(
      "type code is 10: the format's types are 8, 9, 11, 12, 13, 14.",
    );
  });

  it.each([
    [Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0), 'two zero bytes'],
    [Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), 'type code is 13'],
    [Uint8Array.of(0, 0, 8, 0), 'no axis'],
    [Uint8Array.of(0, 0, 8), '3 bytes'],
    [idx([2, 3]).subarray(0, 15), '15 bytes where its header announces 18'],
    [Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255), 'truncated'],
  ])('that are damaged give one sentence %#', (bytes, named) => {
    expect(() => parseIdx(bytes)).toThrow(DatasetError);
    expect(() => parseIdx(bytes)).toThrow(named);
  });
});

/** A damaged copy: cut short, lengthened, or with some bytes changed, more often than not in the header. */
function damage(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const kind = random.integer(4);
  if (kind === 0) return bytes.slice(0, random.integer(bytes.length));
  if (kind === 1) {
    const longer = new Uint8Array(bytes.length + 1 + random.integer(20));
    longer.set(bytes);
    return longer;
  }
  const changed = bytes.slice();
  for (let i = 0; i <= random.integer(4); i++) {
    const at = random.integer(kind === 2 ? Math.min(24, bytes.length) : bytes.length);
    changed[at] = random.integer(256);
  }
  return changed;
}

/** Reads one damaged file: true where it still parses, false for a DatasetError; any other error is thrown. */
async function survives(bytes: Uint8Array): Promise<boolean> {
  try {
    const { shape, data } = await readIdx(bytes);
    expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
    expect(data.length).toBeLessThanOrEqual(10 * bytes.length + 1024);
    return true;
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    expect(error.message).toMatch(/^[^\n]+\.$/);
    return false;
  }
}

it('12,000 damaged IDX files each give a DatasetError or a whole array of their own size', async () => {
  const random = new RandomStream(deriveKey(2, 'damage'));
  const plain = idx([5, 7, 6]);
  const zipped = new Uint8Array(gzipSync(plain));
  const before = process.memoryUsage().arrayBuffers;
  const counts = { parsed: 0, refused: 0 };
  for (let i = 0; i < 12_000; i++) {
    counts[(await survives(damage(i % 4 === 0 ? zipped : plain, random))) ? 'parsed' : 'refused']++;
  }
  const { parsed, refused } = counts;
  expect(parsed + refused).toBe(12_000);
  expect(parsed).toBeGreaterThan(100);
  expect(parsed).toBeLessThan(11_000);
  // Nobody believed a count of 2³² in a header.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e9);
});
