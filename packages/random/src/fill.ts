import type { Key } from './key.js';
import { normalFromWord } from './normal.js';
import { threefryFirst, threefrySecond } from './threefry.js';

type Floats = Float32Array | Float64Array;
type Integers = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** 2⁻²⁴: 24 bits of a word make a uniform that is exact in float32. */
const UNIT = 1 / 0x1000000;

function requireOffset(offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > 0x200000000) {
    throw new RangeError(`the offset of a random fill is ${offset} for ${length} numbers: stay between 0 and 2^33.`);
  }
}

/** Words made at a time: a fill of words alone stays a loop without calls that the compiler cannot see through. */
const CHUNK = new Uint32Array(1024);

/** Writes word `offset` + i to out[i] for i < `length`; word n is half (n mod 2) of the block with counter (⌊n/2⌋, 0). */
function writeWords([key0, key1]: Key, out: Uint32Array, offset: number, length: number): void {
  let i = 0;
  if (offset % 2 === 1 && length > 0) {
    threefryFirst(key0, key1, (offset - 1) / 2, 0);
    out[i++] = threefrySecond;
  }
  let block = Math.ceil(offset / 2);
  for (; i + 1 < length; i += 2) {
    out[i] = threefryFirst(key0, key1, block++, 0);
    out[i + 1] = threefrySecond;
  }
  if (i < length) out[i] = threefryFirst(key0, key1, block, 0);
}

/** Calls `write(start, length)` for each part of a fill, whose words are then in CHUNK. */
function eachChunk(key: Key, length: number, offset: number, write: (start: number, length: number) => void): void {
  requireOffset(offset, length);
  for (let start = 0; start < length; start += CHUNK.length) {
    const count = Math.min(CHUNK.length, length - start);
    writeWords(key, CHUNK, offset + start, count);
    write(start, count);
  }
}

/**
 * Fills `out` with random 32-bit words. Element i depends on `key` and `offset` + i only, so that a part of a fill can be
 * made alone; this holds for every fill of this package.
 * @param offset position of out[0] in the key's sequence. Default 0
 * @throws RangeError for an offset out of range
 */
export function fillUint32(key: Key, out: Uint32Array, offset = 0): Uint32Array {
  requireOffset(offset, out.length);
  writeWords(key, out, offset, out.length);
  return out;
}

/** Fills `out` with uniforms from [0, 1), multiples of 2⁻²⁴; see {@link fillUint32} for `offset`. */
export function fillUniform<A extends Floats>(key: Key, out: A, offset = 0): A {
  eachChunk(key, out.length, offset, (start, length) => {
    for (let i = 0; i < length; i++) out[start + i] = (CHUNK[i] >>> 8) * UNIT;
  });
  return out;
}

/** Fills `out` with standard normals, the same bits on every machine; see {@link fillUint32} for `offset`. */
export function fillNormal<A extends Floats>(key: Key, out: A, offset = 0): A {
  eachChunk(key, out.length, offset, (start, length) => {
    for (let i = 0; i < length; i++) out[start + i] = normalFromWord(CHUNK[i]);
  });
  return out;
}

/**
 * Fills `out` with integers from 0 to `bound` − 1, as ⌊word · bound / 2³²⌋: no value's probability is off by more than 2⁻³².
 * @throws RangeError for a bound that is not an integer from 1 to 2³²
 */
export function fillIntegers<A extends Integers>(key: Key, out: A, bound: number, offset = 0): A {
  requireBound(bound);
  const scale = bound / 0x100000000;
  eachChunk(key, out.length, offset, (start, length) => {
    for (let i = 0; i < length; i++) out[start + i] = Math.floor(CHUNK[i] * scale);
  });
  return out;
}

/** Fills `out` with 1 where the word is below ⌊probability · 2³²⌋, else 0: an integer comparison, exact everywhere. */
export function fillBernoulli(key: Key, out: Uint8Array, probability: number, offset = 0): Uint8Array {
  const threshold = bernoulliThreshold(probability);
  eachChunk(key, out.length, offset, (start, length) => {
    for (let i = 0; i < length; i++) out[start + i] = CHUNK[i] < threshold ? 1 : 0;
  });
  return out;
}

/**
 * ⌊probability · 2³²⌋, the word below which an event of that probability happens.
 * @throws RangeError for a probability outside [0, 1]
 */
export function bernoulliThreshold(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`the probability is ${probability}: give a number from 0 to 1.`);
  }
  return Math.floor(probability * 0x100000000);
}

/** @throws RangeError for a bound that is not an integer from 1 to 2³² */
export function requireBound(bound: number): void {
  if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
    throw new RangeError(`the bound of random integers is ${bound}: give an integer from 1 to 4294967296.`);
  }
}
