import type { ArgumentReader, Range } from '../argument-reader.js';

/**
 * What a field of an instruction is: a `count` of at least 1, a `side` of an image or a window, a `margin`, an `integer` of at least 0,
 * a `float`, or the address of an array in the arena: an `array` that is there, or an `optional` one, −1 where it is absent.
 */
type Kind = 'count' | 'side' | 'margin' | 'integer' | 'float' | 'array' | 'optional';

/** The fields of an instruction, in the order of its words. */
export type Kinds = Readonly<Record<string, Kind>>;

type FieldsOf<K extends Kinds, Wanted extends Kind> = {
  [F in keyof K]: K[F] extends Wanted ? F : never;
}[keyof K];

/** An array of the arena: its first float and how many it has. */
export interface View {
  readonly at: number;
  readonly length: number;
}

/** The fields of an instruction as the lowering gives them. */
export type Values<K extends Kinds> = {
  readonly [F in keyof K]: K[F] extends 'array' ? View : K[F] extends 'optional' ? View | undefined : number;
};

/** Its sizes: every field that is no address. */
type Sizes<K extends Kinds> = {
  readonly [F in FieldsOf<K, 'count' | 'side' | 'margin' | 'integer' | 'float'>]: number;
};

/** Floats of each of its arrays. */
type Lengths<K extends Kinds> = { readonly [F in FieldsOf<K, 'array' | 'optional'>]: number };

/** An instruction of a program: a struct of `c/instructions.h`, with the fields in its order. */
export interface Instruction<K extends Kinds = Kinds> {
  readonly opcode: number;
  /** Its name in a profile. */
  readonly name: string;
  readonly fields: K;
  readonly lengths: (sizes: Sizes<K>) => Lengths<K>;
}

export const instruction = <K extends Kinds>(
  opcode: number,
  name: string,
  fields: K,
  lengths: (sizes: Sizes<K>) => Lengths<K>,
): Instruction<K> => ({ opcode, name, fields, lengths });

const isAddress = (kind: Kind) => kind === 'array' || kind === 'optional';

/** The bits of a number as a float. */
const bits = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0]!;

/** Reads a field of each kind. */
const READERS: Readonly<Record<Kind, (read: ArgumentReader, field: string) => number>> = {
  count: (read, field) => read.integer(field, 1),
  side: (read, field) => read.side(field),
  margin: (read, field) => read.side(field, 0),
  integer: (read, field) => read.integer(field),
  // A float's bits may be any.
  float: (read, field) => read.integer(field, -(2 ** 31)),
  array: (read, field) => read.integer(field),
  optional: (read, field) => read.integer(field, -1),
};

function word(kind: Kind, value: number | View | undefined): number {
  if (value === undefined) return -1;
  if (typeof value !== 'number') return value.at;
  return kind === 'float' ? bits(value) : value;
}

/**
 * The words of an instruction.
 * @throws RangeError for an array that is shorter than the instruction reads or writes
 */
export function encode<K extends Kinds>(of: Instruction<K>, values: Values<K>): number[] {
  const given = values as Readonly<Record<string, number | View | undefined>>;
  const lengths = of.lengths(values as unknown as Sizes<K>) as Readonly<Record<string, number>>;
  for (const [field, length] of Object.entries(lengths)) {
    const view = given[field];
    if (typeof view !== 'object' || view.length >= length) continue;
    throw new RangeError(`${of.name} takes ${length} floats of ${field}, which has ${view.length}.`);
  }
  const words = Object.entries(of.fields).map(([field, kind]) => word(kind, given[field]));
  return [of.opcode, words.length + 2, ...words];
}

/** Reads an instruction's words: what it touches of the arena. */
export function rangesOf(of: Instruction, read: ArgumentReader): Range[] {
  const values: Record<string, number> = {};
  for (const [field, kind] of Object.entries(of.fields)) values[field] = READERS[kind](read, field);
  const lengths: Readonly<Record<string, number>> = of.lengths(values);
  return Object.entries(lengths).flatMap(([field, length]) => {
    const offset = values[field]!;
    return isAddress(of.fields[field]!) && offset >= 0 ? [{ what: `${field} of ${of.name}`, offset, length }] : [];
  });
}
