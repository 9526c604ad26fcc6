import { gzipSync } from 'node:zlib';
import { deriveKey, fillIntegers, RandomStream } from '@nem/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../dataset.js';
import { parseIdx, readIdx } from './idx.js';

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

  it('that expand to more than ten times their size are refused before room is made', async () => {
    const zeros = new Uint8Array(1_000_016);
    zeros.set(idx([1, 1, 1]).subarray(0, 4));
    new DataView(zeros.buffer).setUint32(4, 1_000_000);
    new DataView(zeros.buffer).setUint32(8, 1);
    new DataView(zeros.buffer).setUint32(12, 1);
    await expect(readIdx(gzipSync(zeros))).rejects.toThrow('more than 10 times its size');
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
