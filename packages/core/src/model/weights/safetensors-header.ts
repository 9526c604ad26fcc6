import { DTYPES } from './dtype.js';
import { quote, SafetensorsError } from './safetensors-error.js';

/** What the header says of one tensor. */
export interface TensorEntry {
  readonly name: string;
  /** Name of the number type, e.g. `F32`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte and the byte after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** A parsed header, its tensors in the order of the file. */
export interface SafetensorsHeader {
  readonly tensors: readonly TensorEntry[];
  readonly metadata: Record<string, string>;
}

/** The one name that no tensor can have: under it the header keeps its metadata. */
export const METADATA_KEY = '__metadata__';

/** Most axes of a tensor, as in NumPy: more are neither read nor written. */
export const MAX_AXES = 64;

const ONE_SURROGATE = /\p{Surrogate}/u;

/** Whether a string is Unicode text: one with half a surrogate pair cannot be written in UTF-8. */
export const isUnicode = (text: string): boolean => !ONE_SURROGATE.test(text);

/** The text of a JSON string literal; undefined for a bad escape, a control character, half a surrogate pair. */
function parseString(literal: string): string | undefined {
  try {
    const value: string = JSON.parse(literal);
    return isUnicode(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The error for a name that a header has twice. */
export function repeatedName(name: string): SafetensorsError {
  return new SafetensorsError(`The safetensors header has the name ${quote(name)} twice: write the file again.`);
}

const ZERO = '0'.charCodeAt(0);
const isDigit = (code: number) => code >= ZERO && code < ZERO + 10;

/**
 * Reads exactly the JSON that a header may hold. `JSON.parse` would not do: of two equal names it keeps the last
 * without a word, and it builds whatever nested values a hostile header holds, at many times their size in bytes.
 */
class HeaderScanner {
  private position = 0;
  private readonly scratch: number[] = [];

  constructor(private readonly text: string) {}

  fail(wanted: string): never {
    const found = this.position < this.text.length ? quote(this.text[this.position]!) : 'its end';
    throw new SafetensorsError(
      `The safetensors header has ${found} at character ${this.position} where ${wanted} belongs: the file is damaged, write or copy it again.`,
    );
  }

  private skipSpace(): void {
    while (this.position < this.text.length && ' \t\n\r'.includes(this.text[this.position]!)) this.position++;
  }

  /** Steps over `symbol` where it comes next. */
  accept(symbol: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== symbol) return false;
    this.position++;
    return true;
  }

  expect(symbol: string): void {
    if (!this.accept(symbol)) this.fail(quote(symbol));
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.position < this.text.length) this.fail('its end');
  }

  string(): string {
    this.skipSpace();
    const start = this.position;
    if (this.text[start] !== '"') this.fail('a string');
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    const value = parseString(this.text.slice(start, end + 1));
    if (value === undefined) return this.fail('a string of Unicode text');
    this.position = end + 1;
    return value;
  }

  /** An integer from 0 to 2⁵³ − 1. Digit by digit: a regular expression makes several objects a number, of which a header has many. */
  integer(): number {
    this.skipSpace();
    const start = this.position;
    let end = start;
    let value = 0;
    while (isDigit(this.text.charCodeAt(end))) value = 10 * value + this.text.charCodeAt(end++) - ZERO;
    const leadingZero = end - start > 1 && this.text.charCodeAt(start) === ZERO;
    if (end === start || leadingZero || !Number.isSafeInteger(value) || '.eE'.includes(this.text[end] ?? ' ')) {
      this.fail('an integer from 0 to 9007199254740991');
    }
    this.position = end;
    return value;
  }

  /** An array of at most {@link MAX_AXES} integers. */
  integers(): number[] {
    this.expect('[');
    if (this.accept(']')) return [];
    let count = 0;
    do this.scratch[count++] = this.integer();
    while (count < MAX_AXES && this.accept(','));
    this.expect(']');
    // A copy of the exact length: an array that has grown keeps half its size in reserve.
    return this.scratch.slice(0, count);
  }

  /**
   * An object: `readValue` is called behind each name, in order.
   * @param isKnown whether the object has had a name
   */
  object(isKnown: (name: string) => boolean, readValue: (name: string) => void): void {
    this.expect('{');
    if (this.accept('}')) return;
    do {
      const name = this.string();
      if (isKnown(name)) throw repeatedName(name);
      this.expect(':');
      readValue(name);
    } while (this.accept(','));
    this.expect('}');
  }
}

const DTYPE_NAMES = [...DTYPES.keys()];

/** The one string of a readable type's name, so that a header of many tensors keeps no copy of it for each. */
const knownDtype = (dtype: string) => DTYPE_NAMES.find((name) => name === dtype) ?? dtype;

function readMetadata(scanner: HeaderScanner): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  scanner.object(
    (name) => name in metadata,
    (name) => {
      metadata[name] = scanner.string();
    },
  );
  return metadata;
}

function readTensor(scanner: HeaderScanner, name: string): TensorEntry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  const isKnown = (field: string) =>
    (field === 'dtype' && dtype !== undefined) ||
    (field === 'shape' && shape !== undefined) ||
    (field === 'data_offsets' && offsets !== undefined);
  scanner.object(isKnown, (field) => {
    if (field === 'dtype') dtype = knownDtype(scanner.string());
    else if (field === 'shape') shape = scanner.integers();
    else if (field === 'data_offsets') offsets = scanner.integers();
    else {
      throw new SafetensorsError(
        `The tensor ${quote(name)} of the safetensors header has a field ${quote(field)}: write the file again with dtype, shape and data_offsets only.`,
      );
    }
  });
  if (dtype === undefined || shape === undefined || offsets?.length !== 2) {
    throw new SafetensorsError(
      `The tensor ${quote(name)} of the safetensors header lacks its dtype, its shape or its two data_offsets: write the file again.`,
    );
  }
  return { name, dtype, shape, begin: offsets[0]!, end: offsets[1]! };
}

/**
 * Parses the header's JSON text. Memory is bounded by the length of the text.
 * @returns the tensors as they stand: a name may be there twice, see {@link repeatedName}
 * @throws SafetensorsError for anything but one object of tensors and metadata
 */
export function parseHeader(text: string): SafetensorsHeader {
  const scanner = new HeaderScanner(text);
  const tensors: TensorEntry[] = [];
  let metadata: Record<string, string> | undefined;
  scanner.object(
    (name) => name === METADATA_KEY && metadata !== undefined,
    (name) => {
      if (name === METADATA_KEY) metadata = readMetadata(scanner);
      else tensors.push(readTensor(scanner, name));
    },
  );
  scanner.expectEnd();
  return { tensors, metadata: metadata ?? Object.create(null) };
}

/** The JSON text of a header, without padding, as the format's own library writes it. */
export function formatHeader({ tensors, metadata }: SafetensorsHeader): string {
  const members = tensors.map(
    ({ name, dtype, shape, begin, end }) =>
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`,
  );
  const notes = Object.keys(metadata)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
  if (notes.length > 0) members.unshift(`"${METADATA_KEY}":{${notes.join(',')}}`);
  return `{${members.join(',')}}`;
}
