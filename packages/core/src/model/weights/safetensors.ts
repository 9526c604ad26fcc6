import { isFloat32Array, isUint8Array } from '../float32-array.js';
import { shown } from '../shown.js';
import { DTYPES, float16ToNumber, numberToFloat16, WRITABLE_DTYPES, type WritableDtypeName } from './dtype.js';
import { quote, SafetensorsError } from './safetensors-error.js';
import {
  formatHeader,
  isUnicode,
  MAX_AXES,
  METADATA_KEY,
  parseHeader,
  repeatedName,
  type SafetensorsHeader,
  type TensorEntry,
} from './safetensors-header.js';

export { SafetensorsError } from './safetensors-error.js';

/** An array in row-major order. */
export interface NamedArray {
  /** At most 64 integers of at least 0; [] is a single number. */
  readonly shape: readonly number[];
  /** As many values as the product of the shape. */
  readonly values: Float32Array;
}

/** Arrays by their name. Any text but `__metadata__` is a name, `__proto__` too. */
export type NamedArrays = Readonly<Record<string, NamedArray>>;

/** Bytes of the little-endian integer, in front of the header, that gives the header's length. */
const PREFIX_BYTES = 8;

/** The header's length is a multiple of this, so that the data starts aligned for any number type. */
const ALIGNMENT = 8;

/** The longest header that the format's own library reads. */
const MAX_HEADER_BYTES = 100_000_000;

/** Number of elements of a shape; NaN where it has a part that is not an integer from 0, or more than 2⁵³ − 1 elements. */
function elementsOf(shape: readonly number[]): number {
  let product = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) return Number.NaN;
    product *= length;
    if (product > Number.MAX_SAFE_INTEGER) return Number.NaN;
  }
  return product;
}

/** @throws SafetensorsError unless `record` is an object of names: of a list or a Map nothing or nonsense would be written */
function requireRecord(record: unknown, what: string, entry: string): void {
  if (Object.prototype.toString.call(record) === '[object Object]') return;
  throw new SafetensorsError(`The ${what} are not an object: give an object with one ${entry} for each name.`);
}

function requireDtype(dtype: unknown): void {
  if (typeof dtype === 'string' && Object.hasOwn(WRITABLE_DTYPES, dtype)) return;
  const known = Object.keys(WRITABLE_DTYPES).join(' or ');
  throw new SafetensorsError(`The number type of a safetensors file is ${shown(dtype)}: use ${known}.`);
}

/** @throws SafetensorsError unless `shape` is one that {@link decodeSafetensors} reads, of `count` values */
function checkShape(name: string, shape: readonly number[], count: number): void {
  if (!Array.isArray(shape) || shape.length > MAX_AXES) {
    throw new SafetensorsError(
      `The shape of the array ${quote(name)} is not a list of at most ${MAX_AXES} lengths: give the array such a shape.`,
    );
  }
  if (elementsOf(shape) !== count) {
    throw new SafetensorsError(
      `The array ${quote(name)} of shape [${quote(String(shape)).slice(1, -1)}] has ${count} values: give as many values as the product of its shape.`,
    );
  }
}

function checkArray(name: string, array: NamedArray | undefined): void {
  const { shape, values } = (array ?? {}) as NamedArray;
  if (name === METADATA_KEY || !isUnicode(name)) {
    throw new SafetensorsError(
      `An array is named ${quote(name)}: give it a name of Unicode text other than ${METADATA_KEY}.`,
    );
  }
  if (!isFloat32Array(values)) {
    throw new SafetensorsError(`The values of the array ${quote(name)} are not a Float32Array: convert them to one.`);
  }
  checkShape(name, shape, values.length);
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  requireRecord(metadata, 'metadata', 'text');
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string' || !isUnicode(value) || !isUnicode(key)) {
      throw new SafetensorsError(
        `The metadata entry ${quote(key)} is not Unicode text: give strings only, for example by JSON.stringify.`,
      );
    }
  }
}

/** @throws SafetensorsError for a finite value that half precision does not hold */
function checkHalves(name: string, { values }: NamedArray): void {
  const beyond = values.find(
    (value) => Number.isFinite(value) && !Number.isFinite(float16ToNumber(numberToFloat16(value))),
  );
  if (beyond === undefined) return;
  throw new SafetensorsError(
    `The array ${quote(name)} has the value ${beyond}, beyond half precision's ±65504: write it as F32.`,
  );
}

/** The header of the arrays laid out one behind the other in order of their names. */
function layOut(arrays: NamedArrays, metadata: Record<string, string>, dtype: WritableDtypeName): SafetensorsHeader {
  requireDtype(dtype);
  requireRecord(arrays, 'arrays', 'array');
  let end = 0;
  const tensors = Object.keys(arrays)
    .sort()
    .map((name): TensorEntry => {
      const array = arrays[name]!;
      checkArray(name, array);
      if (dtype === 'F16') checkHalves(name, array);
      const begin = end;
      end += array.values.length * WRITABLE_DTYPES[dtype].size;
      return { name, dtype, shape: array.shape, begin, end };
    });
  checkMetadata(metadata);
  return { tensors, metadata };
}

/** The header's text as bytes, padded with spaces. */
function headerBytes(header: SafetensorsHeader): Uint8Array {
  const text = new TextEncoder().encode(formatHeader(header));
  const padded = new Uint8Array(Math.ceil(text.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  if (padded.length > MAX_HEADER_BYTES) {
    throw new SafetensorsError(
      `The safetensors header would have ${padded.length} bytes, more than the format's ${MAX_HEADER_BYTES}: give fewer or shorter names and metadata.`,
    );
  }
  padded.set(text);
  return padded;
}

/** How {@link encodeSafetensors} writes. */
export interface SafetensorsOptions {
  /** The number type of all values: `F16` is half precision, to which they are rounded. Default `F32`. */
  readonly dtype?: WritableDtypeName;
  /** Gives memory for the file: so many bytes, whatever is in them. Default: new memory */
  readonly room?: (length: number) => Uint8Array;
}

/**
 * Writes arrays as a safetensors file (https://github.com/huggingface/safetensors). Equal arrays and metadata give equal bytes
 * whatever the order of their keys: both are sorted by their UTF-16 code units.
 *
 * @param metadata texts kept in the header. Default none.
 * @throws SafetensorsError for whatever {@link decodeSafetensors} would not read: values that do not fill their shape, a
 *   shape of more than 64 axes, a name that the format cannot hold, metadata that are not strings, an unknown number type;
 *   and for a finite value that the number type does not hold
 */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Record<string, string> = {},
  { dtype = 'F32', room = (length) => new Uint8Array(length) }: SafetensorsOptions = {},
): Uint8Array {
  const layout = layOut(arrays, metadata, dtype);
  const header = headerBytes(layout);
  const dataStart = PREFIX_BYTES + header.length;
  const bytes = room(dataStart + (layout.tensors.at(-1)?.end ?? 0));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, PREFIX_BYTES);
  const { size, write } = WRITABLE_DTYPES[dtype];
  for (const { name, begin } of layout.tensors) {
    const { values } = arrays[name]!;
    for (let i = 0; i < values.length; i++) write(view, dataStart + begin + size * i, values[i]!);
  }
  return bytes;
}

/** The header's text, once its length is known to be within the file. */
function headerText(bytes: Uint8Array): { text: string; dataStart: number } {
  const available = bytes.length - PREFIX_BYTES;
  if (available < 0) {
    throw new SafetensorsError(
      `The safetensors file has ${bytes.length} bytes where its header's length alone takes ${PREFIX_BYTES}: it is truncated or not a safetensors file, copy or write it again.`,
    );
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) {
    throw new SafetensorsError(
      `The safetensors file declares a header of more bytes than the format's ${MAX_HEADER_BYTES}: it is damaged or not a safetensors file, give another.`,
    );
  }
  if (length > available) {
    throw new SafetensorsError(
      `The safetensors file declares a header of ${length} bytes but only ${available} bytes follow: it is truncated or not a safetensors file, copy or write it again.`,
    );
  }
  const dataStart = PREFIX_BYTES + length;
  return { text: decodeUtf8(bytes.subarray(PREFIX_BYTES, dataStart)), dataStart };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    // Decoders refuse shared memory, hence the copy. With ignoreBOM a byte order mark stays, and is refused, as it is not JSON.
    const own = bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(own);
  } catch {
    throw new SafetensorsError(
      'The safetensors header is not UTF-8 text: the file is damaged or not a safetensors file, copy or write it again.',
    );
  }
}

/** Checks that a tensor's type is readable and that its shape fills its bytes; returns its number of elements. */
function checkTensor({ name, dtype, shape, begin, end }: TensorEntry): number {
  const size = DTYPES.get(dtype)?.size;
  if (size === undefined) {
    throw new SafetensorsError(
      `The tensor ${quote(name)} has the type ${quote(dtype)}, which is not read here: save it as one of ${[...DTYPES.keys()].join(', ')}.`,
    );
  }
  const elements = elementsOf(shape);
  if (elements * size !== end - begin) {
    throw new SafetensorsError(
      `The tensor ${quote(name)} of type ${dtype} does not fill the bytes ${begin} to ${end} with its ${Number.isNaN(elements) ? 'too many' : elements} elements: the file is damaged, copy or write it again.`,
    );
  }
  return elements;
}

/** Checks that the tensors cover the data from its first byte to its last, without overlap, gap or rest. */
function checkCoverage(tensors: readonly TensorEntry[], dataBytes: number): void {
  let covered = 0;
  const inOrder = (a: TensorEntry, b: TensorEntry) => a.begin - b.begin || a.end - b.end;
  const isSorted = tensors.every((tensor, i) => i === 0 || inOrder(tensors[i - 1]!, tensor) <= 0);
  const sorted = isSorted ? tensors : [...tensors].sort(inOrder);
  for (const { name, begin, end } of sorted) {
    if (begin !== covered || end < begin) {
      throw new SafetensorsError(
        `The tensor ${quote(name)} has the bytes ${begin} to ${end} where byte ${covered} comes next: the file's tensors overlap or leave a gap, write it again.`,
      );
    }
    covered = end;
  }
  if (dataBytes < covered) {
    throw new SafetensorsError(
      `The safetensors file declares ${covered} bytes of data but holds ${dataBytes}: it is truncated, copy or write it again.`,
    );
  }
  if (dataBytes > covered) {
    throw new SafetensorsError(
      `The safetensors file declares ${covered} bytes of data but holds ${dataBytes}: it has bytes at its end that belong to no tensor, write it again.`,
    );
  }
}

/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors). F32 is read as it is, F16 and BF16 exactly, F64
 * rounded to float32.
 *
 * The file may come from anyone: nothing in it is run, and its lengths, offsets and shapes are checked against its
 * size before anything is allocated by them. It may have as many names as its header holds, as in the format's own
 * library; reading takes less than sixteen times its size, that much only where it is a list of names with next to no
 * data behind them. Both records are without prototype, so every name is safe.
 *
 * @param bytes the whole file
 * @throws SafetensorsError for a file that is truncated, damaged, or holds a tensor of another type
 */
export function decodeSafetensors(bytes: Uint8Array): { arrays: NamedArrays; metadata: Record<string, string> } {
  if (!isUint8Array(bytes)) {
    throw new SafetensorsError('The safetensors file is not given as a Uint8Array: wrap its bytes in one.');
  }
  const { text, dataStart } = headerText(bytes);
  const { tensors, metadata } = parseHeader(text);
  checkCoverage(tensors, bytes.length - dataStart);
  tensors.forEach(checkTensor);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const arrays: Record<string, NamedArray> = Object.create(null);
  for (const { name, dtype, shape, begin } of tensors) {
    if (name in arrays) throw repeatedName(name);
    arrays[name] = { shape, values: DTYPES.get(dtype)!.read(view, dataStart + begin, elementsOf(shape)) };
  }
  return { arrays, metadata };
}
