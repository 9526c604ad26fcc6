import { CHUNK_WORDS, type FillKernel, fillKernel } from './fill-kernel.js';
import type { Key } from './key.js';
import { shown } from './shown.js';
import { requireKey } from './words.js';

type Floats = Float32Array | Float64Array;
type Integers = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** 2⁻²⁴: 24 bits of a word make a uniform that is exact in float32. */
const UNIT = 1 / 0x1000000;

/** The types of array that a fill can write to, and the largest integer up to which each holds every integer. */
const LARGEST: Readonly<Record<string, number>> = {
  Int8Array: 0x7f,
  Uint8Array: 0xff,
  Uint8ClampedArray: 0xff,
  Int16Array: 0x7fff,
  Uint16Array: 0xffff,
  Int32Array: 0x7fffffff,
  Uint32Array: 0xffffffff,
  Float32Array: 0x1000000,
  Float64Array: Number.MAX_SAFE_INTEGER,
};

/** The type's name of a typed array, also of one from another realm; undefined for anything else. */
const typeOf = (out: unknown): string | undefined =>
  ArrayBuffer.isView(out) ? (out as Partial<Uint8Array>)[Symbol.toStringTag] : undefined;

/** A value as a message shows it, a typed array by its type. */
function named(value: unknown): string {
  const type = typeOf(value);
  return type ? `${type.startsWith('I') ? 'an' : 'a'} ${type}` : shown(value);
}

const doesNotHold = (out: unknown, numbers: string, remedy: string): RangeError =>
  new RangeError(`random ${numbers} do not go into ${named(out)}: give ${remedy}.`);

/** @throws RangeError unless `out` is a typed array that holds the integers up to `largest`; larger ones would wrap around */
function requireIntegers(out: unknown, largest: number): void {
  if (largest <= (LARGEST[typeOf(out) ?? ''] ?? -1)) return;
  throw doesNotHold(out, `integers up to ${largest}`, 'a typed array that holds them');
}

/** @throws RangeError unless `out` is an array of floats; others would lose the fractions */
function requireFloats(out: unknown): void {
  const type = typeOf(out);
  if (type === 'Float32Array' || type === 'Float64Array') return;
  throw doesNotHold(out, 'numbers with a fraction', 'a Float32Array or a Float64Array');
}

function requireOffset(offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > 0x200000000) {
    throw new RangeError(
      `the offset of a random fill is ${shown(offset)} for ${length} numbers: stay between 0 and 2^33.`,
    );
  }
}

/**
 * Makes the words `offset` … `offset` + `length` − 1 a chunk at a time, and calls `write(start, from, count)`: words
 * `start` … of the fill are then in the kernel's words from `from`. Word n is half (n mod 2) of the block with counter
 * (⌊n/2⌋, 0).
 */
function eachChunk(
  kernel: FillKernel,
  key: Key,
  length: number,
  offset: number,
  write: (start: number, from: number, count: number) => void,
): void {
  requireKey(key);
  requireOffset(offset, length);
  const [key0, key1] = key;
  for (let start = 0; start < length; ) {
    const block = Math.floor((offset + start) / 2);
    const from = (offset + start) % 2;
    const count = Math.min(CHUNK_WORDS - from, length - start);
    kernel.makeWords(key0, key1, block, Math.ceil((from + count) / 8) * 4);
    write(start, from, count);
    start += count;
  }
}

/**
 * Fills `out` with random 32-bit words. Element i depends on `key` and `offset` + i only, so that a part of a fill can be
 * made alone; this holds for every fill of this package.
 * @param offset position of out[0] in the key's sequence. Default 0
 * @throws RangeError for an offset out of range, for an array of a type that cannot hold the numbers, and for a key that is not
 * two unsigned 32-bit words
 */
export function fillUint32(key: Key, out: Uint32Array, offset = 0): Uint32Array {
  requireIntegers(out, 0xffffffff);
  const kernel = fillKernel();
  eachChunk(kernel, key, out.length, offset, (start, from, count) => {
    out.set(kernel.words.subarray(from, from + count), start);
  });
  return out;
}

/** Fills `out` with uniforms from [0, 1), multiples of 2⁻²⁴; see {@link fillUint32} for `offset` and what throws. */
export function fillUniform<A extends Floats>(key: Key, out: A, offset = 0): A {
  requireFloats(out);
  const kernel = fillKernel();
  const { words } = kernel;
  eachChunk(kernel, key, out.length, offset, (start, from, count) => {
    for (let i = 0; i < count; i++) out[start + i] = (words[from + i]! >>> 8) * UNIT;
  });
  return out;
}

/**
 * Fills `out` with standard normals, the same bits on every machine; see {@link fillUint32} for `offset` and what throws.
 */
export function fillNormal<A extends Floats>(key: Key, out: A, offset = 0): A {
  requireFloats(out);
  const kernel = fillKernel();
  eachChunk(kernel, key, out.length, offset, (start, from, count) => {
    kernel.makeNormals(from, count);
    out.set(kernel.normals.subarray(0, count), start);
  });
  return out;
}

/**
 * Fills `out` with integers from 0 to `bound` − 1, as ⌊word · bound / 2³²⌋: no value's probability is off by more than 2⁻³².
 * @throws RangeError for a bound that is not an integer from 1 to 2³², or beyond what the array's type holds; see
 * {@link fillUint32} for `offset` and what else throws
 */
export function fillIntegers<A extends Integers>(key: Key, out: A, bound: number, offset = 0): A {
  requireBound(bound);
  requireIntegers(out, bound - 1);
  const scale = bound / 0x100000000;
  const kernel = fillKernel();
  const { words } = kernel;
  eachChunk(kernel, key, out.length, offset, (start, from, count) => {
    for (let i = 0; i < count; i++) out[start + i] = Math.floor(words[from + i]! * scale);
  });
  return out;
}

/**
 * Fills `out` with 1 where the word is below ⌊probability · 2³²⌋, else 0: an integer comparison, exact everywhere.
 * @throws RangeError for a probability outside [0, 1]; see {@link fillUint32} for `offset` and what else throws
 */
export function fillBernoulli(key: Key, out: Uint8Array, probability: number, offset = 0): Uint8Array {
  requireIntegers(out, 1);
  const threshold = bernoulliThreshold(probability);
  const kernel = fillKernel();
  const { words } = kernel;
  eachChunk(kernel, key, out.length, offset, (start, from, count) => {
    for (let i = 0; i < count; i++) out[start + i] = words[from + i]! < threshold ? 1 : 0;
  });
  return out;
}

/**
 * Fills `out` with `x`, of the same length, each element x as 1 − x where {@link fillBernoulli} of the same key and offset has a 1.
 * @throws RangeError for arrays of different lengths or of a type other than Float32Array; as `fillBernoulli`
 */
export function fillFlipped(
  key: Key,
  out: Float32Array,
  x: Float32Array,
  probability: number,
  offset = 0,
): Float32Array {
  if (typeOf(out) !== 'Float32Array') throw doesNotHold(out, 'flipped numbers', 'a Float32Array');
  if (typeOf(x) !== 'Float32Array') {
    throw new RangeError(`the numbers to flip are ${named(x)}: give a Float32Array.`);
  }
  if (x.length !== out.length) {
    throw new RangeError(`there are ${x.length} numbers to flip into ${out.length}: give as many.`);
  }
  const threshold = bernoulliThreshold(probability);
  const kernel = fillKernel();
  const { floats } = kernel;
  eachChunk(kernel, key, out.length, offset, (start, from, count) => {
    const part = x.subarray(start, start + count);
    if (threshold > 0xffffffff) {
      for (let i = 0; i < count; i++) out[start + i] = 1 - part[i]!;
      return;
    }
    floats.set(part);
    kernel.flip(from, count, threshold);
    out.set(floats.subarray(0, count), start);
  });
  return out;
}

/**
 * ⌊probability · 2³²⌋, the word below which an event of that probability happens.
 * @throws RangeError for a probability outside [0, 1]
 */
export function bernoulliThreshold(probability: number): number {
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    throw new RangeError(`the probability is ${shown(probability)}: give a number from 0 to 1.`);
  }
  return Math.floor(probability * 0x100000000);
}

/** @throws RangeError for a bound that is not an integer from 1 to 2³² */
export function requireBound(bound: number): void {
  if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
    throw new RangeError(`the bound of random integers is ${shown(bound)}: give an integer from 1 to 4294967296.`);
  }
}
