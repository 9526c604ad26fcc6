/** How a value of a field stands in the bytes; a table of fields is a message of its own. */
export type FieldType = 'integer' | 'text' | 'bytes' | FieldTable;

/** The fields of a message: what each is called here, its number and its type. A list is a repeated field. */
export interface FieldTable {
  readonly [name: string]: readonly [number: number, type: FieldType];
}

/** Wire types of the format. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

const utf8 = new TextEncoder();

/** An integer in groups of seven bits, the lowest first; a negative one as its 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** @param parts what has been encoded so far; the field is put behind it */
function field(number: number, type: FieldType, value: unknown, parts: Uint8Array[]): void {
  const key = (wireType: number) => varint(number * 8 + wireType);
  if (type === 'integer') parts.push(key(VARINT), varint(value as number));
  else {
    const content = typeof type === 'object' ? encodeMessage(type, value as object) : bytesOf(type, value);
    parts.push(key(LENGTH_DELIMITED), varint(content.length), content);
  }
}

function bytesOf(type: 'text' | 'bytes', value: unknown): Uint8Array {
  switch (type) {
    case 'text':
      return utf8.encode(value as string);
    case 'bytes':
      return value as Uint8Array;
    default:
      return type satisfies never;
  }
}

/**
 * A message in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding).
 * @param table its fields
 * @param value by the fields' names; what is undefined is left out
 */
export function encodeMessage(table: FieldTable, value: object): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, [number, type]] of Object.entries(table)) {
    const given = (value as Readonly<Record<string, unknown>>)[name];
    for (const one of Array.isArray(given) ? given : [given]) if (one !== undefined) field(number, type, one, parts);
  }
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
