import { DatasetFileError } from '../dataset.js';

/** An array of bytes as an IDX file holds it. */
export interface IdxArray {
  /** Largest axis first, e.g. [60000, 28, 28]. */
  readonly shape: readonly number[];
  /** Row-major; a view of the file's bytes where they were not gzipped. */
  readonly data: Uint8Array;
}

/** The format's type codes, each with the bytes of a value. */
const VALUE_BYTES: ReadonlyMap<number, number> = new Map([
  [0x08, 1],
  [0x09, 1],
  [0x0b, 2],
  [0x0c, 4],
  [0x0d, 4],
  [0x0e, 8],
]);

/** The type code of unsigned bytes, the only one of images. */
const UNSIGNED_BYTE = 0x08;

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

/** The type codes that can be read: all of them where `anyType`, else unsigned bytes. */
function requireType(type: number, anyType: boolean): void {
  if (anyType ? VALUE_BYTES.has(type) : type === UNSIGNED_BYTE) return;
  const known = anyType
    ? `the format's types are ${[...VALUE_BYTES.keys()].join(', ')}`
    : 'only unsigned bytes (8) can be read';
  throw new DatasetFileError(`the IDX file's type code is ${type}: ${known}.`);
}

/** The header, or undefined where `bytes` ends before it does. */
function parseHeader(bytes: Uint8Array, anyType: boolean): IdxHeader | undefined {
  if (bytes.length < 4) return undefined;
  const [zero, alsoZero, type = 0, axes = 0] = bytes;
  if (zero !== 0 || alsoZero !== 0) {
    throw new DatasetFileError('the file does not begin with two zero bytes: it is not an IDX file.');
  }
  requireType(type, anyType);
  if (axes === 0) throw new DatasetFileError('the IDX file has no axis: it needs at least one.');
  if (bytes.length < headerLength(axes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength(axes));
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const values = shape.reduce((product, size) => product * size, 1);
  return { shape, fileBytes: headerLength(axes) + (VALUE_BYTES.get(type) ?? 1) * values };
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
  return parseTyped(bytes, false);
}

function parseTyped(bytes: Uint8Array, anyType: boolean): IdxArray {
  const header = parseHeader(bytes, anyType);
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
  readonly #anyType: boolean;
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;
  /** What the header announces, once it is there. */
  #expected: number | undefined;

  constructor(gzipBytes: number, anyType: boolean) {
    this.#gzipBytes = gzipBytes;
    this.#anyType = anyType;
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
    const header = parseHeader(this.#bytes.subarray(0, this.#length), this.#anyType);
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

async function read(bytes: Uint8Array, anyType: boolean): Promise<IdxArray> {
  if (!isGzip(bytes)) return parseTyped(bytes, anyType);
  const collector = new IdxCollector(bytes.length, anyType);
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
  return parseTyped(collector.finish(), anyType);
}

/**
 * Reads an IDX file of unsigned bytes, gzipped or not (browsers too). Of a gzipped file room is made for what has really been
 * read, whatever its header announces: images and labels that are alike compress to a thousandth of their size.
 * @throws DatasetFileError for a file that is damaged, truncated or of another format
 */
export function readIdx(bytes: Uint8Array): Promise<IdxArray> {
  return read(bytes, false);
}

/**
 * The shape of an IDX file of any of the format's types, gzipped or not, e.g. of labels that are of no use but to count.
 * @throws DatasetFileError for a file that is damaged, truncated or of another format
 */
export async function readIdxShape(bytes: Uint8Array): Promise<readonly number[]> {
  return (await read(bytes, true)).shape;
}
