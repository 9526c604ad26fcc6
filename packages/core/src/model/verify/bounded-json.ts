import { CodedError } from '../coded-error.js';

/** Text that is not JSON, or JSON beyond the bounds; the message is a clause, with the position of what is not JSON. */
export class JsonError extends CodedError {
  static override readonly code = 'NEM_JSON';
  override readonly name = 'JsonError';
}

export type JsonValue = string | number | boolean | null | Float64Array | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Deepest nesting of objects and lists. */
const MAX_DEPTH = 64;
/** Values that any text may have, and characters for each further one: a value's objects take some 300 bytes. */
const FREE_VALUES = 4096;
const CHARACTERS_PER_VALUE = 64;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** What a list of numbers, nested or not, begins with. Bounded: it is looked for at each of many open lists. */
const NUMBERS_AHEAD = /\[[\s[]{0,256}-?\d/y;

/** What a text may be at most, and how its lists of numbers are read. */
export interface JsonBounds {
  /** Characters of the text. Default: any number */
  readonly characters?: number;
  /** Default: 4096, and one more for every 64 characters */
  readonly values?: number;
  /**
   * Whether a list of numbers, nested or not, is read as one flat Float64Array. A list that begins with a number must then have
   * nothing but numbers: [1, null] is refused. Default true
   */
  readonly packNumbers?: boolean;
}

/**
 * Reads JSON that may come from anyone in less than ten times its length, where `JSON.parse` takes up to sixty times:
 * numbers in lists are packed, and everything else is counted.
 */
class Reader {
  #position = 0;
  #values = 0;

  readonly #text: string;
  readonly #packNumbers: boolean;
  readonly #mostValues: number;

  constructor(text: string, { values, packNumbers = true }: JsonBounds) {
    this.#text = text;
    this.#packNumbers = packNumbers;
    this.#mostValues = values ?? Math.floor(FREE_VALUES + text.length / CHARACTERS_PER_VALUE);
  }

  read(): JsonValue {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#position < this.#text.length) this.#fail('its end');
    return value;
  }

  #fail(wanted: string): never {
    const found = this.#position < this.#text.length ? JSON.stringify(this.#text[this.#position]) : 'its end';
    throw new JsonError(`there is ${found} at character ${this.#position} where ${wanted} belongs`);
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#position++;
    }
  }

  /** Steps over `symbol` where it comes next. */
  #accept(symbol: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(symbol, this.#position)) return false;
    this.#position += symbol.length;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) this.#fail(`'${symbol}'`);
  }

  #count(): void {
    if (++this.#values > this.#mostValues) throw new JsonError(`it has more than ${this.#mostValues} values`);
  }

  #value(depth: number): JsonValue {
    this.#count();
    if (depth > MAX_DEPTH) throw new JsonError(`it is nested more than ${MAX_DEPTH} deep`);
    this.#skipSpace();
    const first = this.#text[this.#position];
    if (first === '{') return this.#object(depth);
    if (first === '"') return this.#string();
    if (first === '[') return this.#areNumbersAhead() ? this.#numbers() : this.#list(depth);
    if (this.#accept('true')) return true;
    if (this.#accept('false')) return false;
    if (this.#accept('null')) return null;
    return this.#number();
  }

  #object(depth: number): JsonObject {
    const members: Record<string, JsonValue> = Object.create(null);
    this.#expect('{');
    if (this.#accept('}')) return members;
    do {
      const name = this.#string();
      if (name in members) throw new JsonError(`the name ${JSON.stringify(name.slice(0, 60))} is there twice`);
      this.#expect(':');
      members[name] = this.#value(depth + 1);
    } while (this.#accept(','));
    this.#expect('}');
    return members;
  }

  #list(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#expect('[');
    if (this.#accept(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#accept(','));
    this.#expect(']');
    return items;
  }

  #string(): string {
    this.#skipSpace();
    const start = this.#position;
    if (this.#text[start] !== '"') this.#fail('a string');
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    try {
      const value = JSON.parse(this.#text.slice(start, end + 1)) as string;
      this.#position = end + 1;
      return value;
    } catch {
      return this.#fail('a string');
    }
  }

  #number(): number {
    this.#skipSpace();
    NUMBER.lastIndex = this.#position;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) return this.#fail('a value');
    this.#position += digits.length;
    return Number(digits);
  }

  #areNumbersAhead(): boolean {
    if (!this.#packNumbers) return false;
    NUMBERS_AHEAD.lastIndex = this.#position;
    return NUMBERS_AHEAD.test(this.#text);
  }

  /** A list of numbers, or of such lists, as its numbers in order: counted first, then read into one array. */
  #numbers(): Float64Array {
    const start = this.#position;
    let count = 0;
    this.#eachNumber(() => {
      count++;
    });
    this.#position = start;
    const values = new Float64Array(count);
    let at = 0;
    this.#eachNumber((value) => {
      values[at++] = value;
    });
    return values;
  }

  #eachNumber(visit: (value: number) => void): void {
    let depth = 0;
    do {
      while (this.#accept('[')) {
        if (++depth > MAX_DEPTH) throw new JsonError(`it is nested more than ${MAX_DEPTH} deep`);
      }
      visit(this.#number());
      while (depth > 0 && this.#accept(']')) depth--;
    } while (depth > 0 && this.#accept(','));
    if (depth > 0) this.#fail("']'");
  }
}

/**
 * Parses JSON that may come from anyone. Objects have no prototype.
 * @throws JsonError for text that is not JSON, is beyond the bounds, nests too deep or has a name twice
 */
export function parseBoundedJson(text: string, bounds: JsonBounds = {}): JsonValue {
  const { characters = Number.POSITIVE_INFINITY } = bounds;
  if (text.length > characters) throw new JsonError(`it has more than ${characters} characters`);
  return new Reader(text, bounds).read();
}
