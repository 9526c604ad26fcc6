import { DatasetFileError } from '../dataset.js';

/** An array of bytes as an IDX file holds it. */
export interface IdxArray {
  /** Largest axis first, e.g. [60000, 28, 28]. */
  readonly shape: readonly number[];
  /** Row-major; a view of the file's bytes where they were not gzipped. */
  readonly data: Uint8Array;
}

/** The type code of unsigned bytes, the only one that image sets use. */
const UNSIGNED_BYTE = 0x08;

/** What a gzipped file may expand to, as a multiple of its own size; MNIST's is 5. A kilobyte more for tiny files. */
const MOST_EXPANSION = 10;
const EXPANSION_SLACK = 1024;

/** Bytes of the longest header: 255 axes. */
const LONGEST_HEADER = 4 + 4 * 255;

const headerLength = (axes: number): number => 4 + 4 * axes;

/** The header's shape, or undefined where `bytes` ends before the header does. */
function parseHeader(bytes: Uint8Array): number[] | undefined {
  if (bytes.length < 4) return undefined;
  const [zero, alsoZero, type, axes = 0] = bytes;
  if (zero !== 0 || alsoZero !== 0) {
    throw new DatasetFileError('the file does not begin with two zero bytes: it is no IDX file.');
  }
  if (type !== UNSIGNED_BYTE) {
    throw new DatasetFileError(`the IDX file's type code is ${type}: only unsigned bytes (8) can be read.`);
  }
  if (axes === 0) throw new DatasetFileError('the IDX file has no axis: it needs at least one.');
  if (bytes.length < headerLength(axes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength(axes));
  return Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
}

const fileLength = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1) + headerLength(shape.length);

function truncated(bytes: number, expected?: number): DatasetFileError {
  const should = expected === undefined ? '' : ` where its header announces ${expected}`;
  return new DatasetFileError(`the IDX file has ${bytes} bytes${should}: it is truncated or damaged, get it again.`);
}

/**
 * Parses an IDX file of unsigned bytes that is not gzipped. Allocates nothing that grows with the numbers in the header.
 * @throws DatasetFileError for anything else, and where the header's counts do not match the file's length
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  const shape = parseHeader(bytes);
  if (!shape) throw truncated(bytes.length);
  const expected = fileLength(shape);
  if (bytes.length !== expected) throw truncated(bytes.length, expected);
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

/** Collects a stream into one array, whose size the header at its beginning decides. */
class IdxCollector {
  readonly #most: number;
  #head = new Uint8Array(0);
  #whole: Uint8Array | undefined;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(chunk: Uint8Array): void {
    if (!this.#whole) {
      this.#begin(chunk);
      return;
    }
    if (this.#length + chunk.length > this.#whole.length) {
      throw new DatasetFileError(
        `the gzipped IDX file holds more than the ${this.#whole.length} bytes that its header announces: it is damaged, get it again.`,
      );
    }
    this.#whole.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  #begin(chunk: Uint8Array): void {
    const head = new Uint8Array(this.#head.length + chunk.length);
    head.set(this.#head);
    head.set(chunk, this.#head.length);
    const shape = parseHeader(head);
    if (!shape) {
      if (head.length > LONGEST_HEADER) throw truncated(head.length);
      this.#head = head;
      return;
    }
    const expected = fileLength(shape);
    if (expected > this.#most) {
      throw new DatasetFileError(
        `the gzipped IDX file announces ${expected} bytes, more than ${MOST_EXPANSION} times its size: it is damaged, or unpack it first.`,
      );
    }
    this.#whole = new Uint8Array(expected);
    this.add(head);
  }

  finish(): Uint8Array {
    if (!this.#whole) throw truncated(this.#head.length);
    if (this.#length < this.#whole.length) throw truncated(this.#length, this.#whole.length);
    return this.#whole;
  }
}

/**
 * Reads an IDX file of unsigned bytes, gzipped or not (browsers too). A gzipped file may expand to ten times its size at most;
 * the header's counts are checked before room is made for them.
 * @throws DatasetFileError for a file that is damaged, truncated or of another format
 */
export async function readIdx(bytes: Uint8Array): Promise<IdxArray> {
  if (!isGzip(bytes)) return parseIdx(bytes);
  const collector = new IdxCollector(MOST_EXPANSION * bytes.length + EXPANSION_SLACK);
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
  return parseIdx(collector.finish());
}
