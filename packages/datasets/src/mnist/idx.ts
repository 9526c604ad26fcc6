import { DatasetFileError } from '../dataset.js';

/** An array of bytes as an IDX file holds it. */
export interface IdxArray {
  /** Largest axis first, e.g. [60000, 28, 28]. */
  readonly shape: readonly number[];
  /** Row-major; a view of the file's bytes where they were not gzipped. */
  readonly data: Uint8Array;
}

/** Type codes that a reader takes, each with the bytes of a value. */
type ValueTypes = ReadonlyMap<number, number>;

/** All types of the format. */
const ANY_TYPE: ValueTypes = new Map([
  [0x08, 1],
  [0x09, 1],
  [0x0b, 2],
  [0x0c, 4],
  [0x0d, 4],
  [0x0e, 8],
]);

/** Unsigned bytes, the only type of images. */
const UNSIGNED_BYTES: ValueTypes = new Map([[0x08, 1]]);

/** What a gzipped file is taken to expand to at first, as a multiple of its own size; MNIST's is 5. */
const USUAL_EXPANSION = 10;

/** The most that deflate can make of a byte. A kilobyte more for tiny files. */
const MOST_EXPANSION = 1032;
const EXPANSION_SLACK = 1024;

/** Bytes of the longest header: 255 axes. */
const LONGEST_HEADER = 4 + 4 * 255;

const headerLength = (axes: number): number => 4 + 4 * axes;

interface IdxHeader {
  readonly shape: readonly number[];
  /** Bytes of the whole file. */
  readonly fileBytes: number;
}

/** The bytes of a value of a type. @throws DatasetFileError for a type that the reader does not take */
function valueBytes(type: number, types: ValueTypes): number {
  const bytes = types.get(type);
  if (bytes !== undefined) return bytes;
  const known =
    types === UNSIGNED_BYTES
      ? 'only unsigned bytes (8) can be read'
      : `the format's types are ${[...types.keys()].join(', ')}`;
  throw new DatasetFileError(`the IDX file's type code is ${type}: ${known}.`);
}

/** The header, or undefined where `bytes` ends before it does. */
function parseHeader(bytes: Uint8Array, types: ValueTypes): IdxHeader | undefined {
  if (bytes.length < 4) return undefined;
  const [zero, alsoZero, type = 0, axes = 0] = bytes;
  if (zero !== 0 || alsoZero !== 0) {
    throw new DatasetFileError('the file does not begin with two zero bytes: it is not an IDX file.');
  }
  const ofValue = valueBytes(type, types);
  if (axes === 0) throw new DatasetFileError('the IDX file has no axis: it needs at least one.');
  if (bytes.length < headerLength(axes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength(axes));
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const values = shape.reduce((product, size) => product * size, 1);
  return { shape, fileBytes: headerLength(axes) + ofValue * values };
}

function truncated(bytes: number, expected?: number): DatasetFileError {
  const should = expected === undefined ? '' : ` where its header announces ${expected}`;
  return new DatasetFileError(`the IDX file has ${bytes} bytes${should}: it is truncated or damaged, get it again.`);
}

/**
 * Parses an IDX file of unsigned bytes that is not gzipped. Allocates nothing that grows with the numbers in the header.
 * @throws DatasetFileError for anything else, and where the header's counts do not match the file's length
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  return parseTyped(bytes, UNSIGNED_BYTES);
}

function parseTyped(bytes: Uint8Array, types: ValueTypes): IdxArray {
  const header = parseHeader(bytes, types);
  if (!header) throw truncated(bytes.length);
  const { shape, fileBytes } = header;
  if (bytes.length !== fileBytes) throw truncated(bytes.length, fileBytes);
  return { shape, data: bytes.subarray(headerLength(shape.length)) };
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The file's bytes as they come out of the decompressor. */
function expand(bytes: Uint8Array): ReadableStreamDefaultReader<Uint8Array> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      controller.close();
    },
  });
  return source.pipeThrough(new DecompressionStream('gzip')).getReader() as ReadableStreamDefaultReader<Uint8Array>;
}

/** Collects a stream into one array, of the size that the header at its beginning announces; room is made as bytes come. */
class IdxCollector {
  readonly #gzipBytes: number;
  readonly #types: ValueTypes;
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;
  /** What the header announces, once it is there. */
  #expected: number | undefined;

  constructor(gzipBytes: number, types: ValueTypes) {
    this.#gzipBytes = gzipBytes;
    this.#types = types;
  }

  add(chunk: Uint8Array): void {
    this.#makeRoom(this.#length + chunk.length);
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
    if (this.#expected === undefined) this.#readHeader();
    if (this.#expected !== undefined && this.#length > this.#expected) {
      throw new DatasetFileError(
        `the gzipped IDX file holds more than the ${this.#expected} bytes that its header announces: it is damaged, get it again.`,
      );
    }
  }

  /** Room for `length` bytes; twice as much as before at least, but no more than the header announces. */
  #makeRoom(length: number): void {
    if (length <= this.#bytes.length) return;
    const usual = Math.max(USUAL_EXPANSION * this.#gzipBytes, 2 * this.#bytes.length);
    const larger = new Uint8Array(Math.max(length, Math.min(usual, this.#expected ?? length)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  #readHeader(): void {
    const header = parseHeader(this.#bytes.subarray(0, this.#length), this.#types);
    if (!header && this.#length > LONGEST_HEADER) throw truncated(this.#length);
    this.#expected = header?.fileBytes;
    if (this.#expected === undefined) return;
    if (this.#expected > MOST_EXPANSION * this.#gzipBytes + EXPANSION_SLACK) {
      throw new DatasetFileError(
        `the gzipped IDX file announces ${this.#expected} bytes, more than ${this.#gzipBytes} bytes of gzip can hold: it is damaged, get it again.`,
      );
    }
  }

  finish(): Uint8Array {
    if (this.#expected === undefined || this.#length < this.#expected) throw truncated(this.#length, this.#expected);
    return this.#bytes.subarray(0, this.#length);
  }
}

async function read(bytes: Uint8Array, types: ValueTypes): Promise<IdxArray> {
  if (!isGzip(bytes)) return parseTyped(bytes, types);
  const collector = new IdxCollector(bytes.length, types);
  const reader = expand(bytes);
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) collector.add(part.value);
  } catch (error) {
    reader.cancel().catch(() => undefined);
    if (error instanceof DatasetFileError) throw error;
    throw new DatasetFileError(
      `the gzipped file cannot be unpacked (${(error as Error).message}): it is damaged, get it again.`,
    );
  }
  return parseTyped(collector.finish(), types);
}

/**
 * Reads an IDX file of unsigned bytes, gzipped or not (browsers too). Of a gzipped file room is made for what has really been
 * read, whatever its header announces: images and labels that are alike compress to a thousandth of their size.
 * @throws DatasetFileError for a file that is damaged, truncated or of another format
 */
export function readIdx(bytes: Uint8Array): Promise<IdxArray> {
  return read(bytes, UNSIGNED_BYTES);
}

/**
 * The shape of an IDX file of any of the format's types, gzipped or not, e.g. of labels that are of no use but to count.
 * @throws DatasetFileError for a file that is damaged, truncated or of another format
 */
export async function readIdxShape(bytes: Uint8Array): Promise<readonly number[]> {
  return (await read(bytes, ANY_TYPE)).shape;
}
