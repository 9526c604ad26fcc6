import type { ArgumentReader, Range } from './argument-reader.js';
import { rangesOf } from './instructions/instruction.js';
import { instructions } from './instructions/table.js';
import { type Kernels, type Precision, precisions } from './kernels.js';
import { KernelsError } from './kernels-error.js';

// The instructions of a program, as in c/program.h: [opcode, words in all, arguments …]. Those of products are written by a function
// here, and read again by their entries in the table below, which says which floats of the arena an instruction touches.

/** Element (i, j) of a matrix stands at offset + i · row + j · column. */
export interface StridedOperand {
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/**
 * The patches of images [images, height, width, channels] as a matrix: a row is the patch of one output pixel, of
 * kernel · kernel · channels elements; 0 outside the image. Gathered while packing, never written out.
 */
export interface PatchOperand {
  readonly offset: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** The transposed matrix: a column is a patch. */
  readonly transposed?: boolean;
}

export type Operand = StridedOperand | PatchOperand;

/** Row i of the result stands at offset + i · row. */
export interface Output {
  readonly offset: number;
  readonly row: number;
}

export interface Epilogue {
  /** C += A B, before bias and activation. */
  readonly accumulate?: boolean;
  /** Where n floats stand. */
  readonly bias?: number;
  /** Its place in core's list of activations: linear, sigmoid, tanh, relu, elu. */
  readonly activation?: number;
}

/** B, [k, n], packed for {@link product}. */
export interface PackOperation {
  readonly k: number;
  readonly n: number;
  readonly b: Operand;
  readonly precision: Precision;
  /** Where the packed B goes: an offset in floats, with `packedFloats(k, n, precision)` floats from there on. */
  readonly packed: number;
  /** Scratch memory: an offset in floats, with `workspaceFloats` floats from there on. The instructions of a program may share it. */
  readonly workspace: number;
}

interface ProductSizes extends Epilogue {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Operand;
  readonly c: Output;
  /** For a packed B, the one that it was packed in. */
  readonly precision: Precision;
  /** Scratch memory: an offset in floats, with `workspaceFloats` floats from there on. The instructions of a program may share it. */
  readonly workspace: number;
}

/** C, [m, n], from A, [m, k], and a packed B. */
export interface ProductOperation extends ProductSizes {
  /** Where {@link pack} has put B: an offset in floats. */
  readonly packed: number;
}

/** The same from a B, [k, n], that is packed inside. */
export interface ProductOnceOperation extends ProductSizes {
  readonly b: Operand;
}

const OPCODES = { pack: 1, product: 2, productOnce: 3 } as const;

const instruction = (opcode: number, words: readonly number[]): number[] => [opcode, words.length + 2, ...words];

function operandWords(operand: Operand): number[] {
  if (!('kernel' in operand)) return [operand.offset, operand.row, operand.column, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const { offset, kernel, stride, padTop, padLeft, height, width, channels, outHeight, outWidth } = operand;
  const sizes = [kernel, stride, padTop, padLeft, height, width, channels, outHeight, outWidth];
  return [offset, 0, 0, ...sizes, Number(operand.transposed ?? false)];
}

const outputWords = ({ offset, row }: Output) => [offset, row];
const epilogueWords = ({ accumulate = false, bias = -1, activation = 0 }: Epilogue) => [
  Number(accumulate),
  bias,
  activation,
];
const precisionWord = (precision: Precision) => precisions.indexOf(precision);

/**
 * The words of an instruction that packs B, [k, n], for {@link product}.
 * @returns words to join to a program: `Int32Array.from([...pack(…), ...product(…)])`. They are checked when an arena is made
 */
export function pack({ k, n, b, precision, packed, workspace }: PackOperation): number[] {
  return instruction(OPCODES.pack, [k, n, ...operandWords(b), precisionWord(precision), packed, workspace]);
}

/** The words of an instruction that computes C = activation(A B + bias) from a packed B; see {@link pack}. */
export function product(of: ProductOperation): number[] {
  const result = [...outputWords(of.c), ...epilogueWords(of), precisionWord(of.precision), of.workspace];
  return instruction(OPCODES.product, [of.m, of.n, of.k, ...operandWords(of.a), of.packed, ...result]);
}

/** The same from a B that is packed on the way, in the workspace: for a B that serves once. See {@link pack}. */
export function productOnce(of: ProductOnceOperation): number[] {
  const result = [...outputWords(of.c), ...epilogueWords(of), precisionWord(of.precision), of.workspace];
  return instruction(OPCODES.productOnce, [of.m, of.n, of.k, ...operandWords(of.a), ...operandWords(of.b), ...result]);
}

function strided(what: string, offset: number, rows: number, columns: number, row: number, column: number): Range {
  return { what, offset, length: (rows - 1) * row + (columns - 1) * column + 1 };
}

function patches(what: string, offset: number, kernel: number, read: ArgumentReader) {
  read.side('stride');
  read.side('padTop', 0);
  read.side('padLeft', 0);
  const [height, width, channels] = [read.side('height'), read.side('width'), read.side('channels')] as const;
  const outPixels = read.side('outHeight') * read.side('outWidth');
  return (rows: number, columns: number): Range => {
    if (columns > kernel * kernel * channels)
      throw new KernelsError(`${what} has more columns than a patch has elements.`);
    const images = Math.ceil(rows / outPixels);
    return { what, offset, length: images * height * width * channels };
  };
}

function operandRange(what: string, read: ArgumentReader, rows: number, columns: number): Range {
  const offset = read.integer('offset');
  const row = read.integer('row');
  const column = read.integer('column');
  const kernel = read.side('kernel', 0);
  if (kernel === 0) {
    for (let i = 0; i < 9; i++) read.integer('unused size');
    return strided(what, offset, rows, columns, row, column);
  }
  const range = patches(what, offset, kernel, read);
  return read.integer('transposed') ? range(columns, rows) : range(rows, columns);
}

function outputRange(read: ArgumentReader, m: number, n: number): Range {
  const [offset, row] = [read.integer('offset'), read.integer('row')];
  return strided('C', offset, m, n, row, 1);
}

function epilogueRanges(read: ArgumentReader, n: number): Range[] {
  read.integer('accumulate');
  const bias = read.integer('bias', -1);
  read.integer('activation');
  return bias < 0 ? [] : [{ what: 'bias', offset: bias, length: n }];
}

function readPrecision(read: ArgumentReader, kernels: Kernels): Precision {
  const precision = precisions[read.integer('precision')];
  if (precision && kernels.precisions.includes(precision)) return precision;
  throw new KernelsError(`The variant ${kernels.variant} has no products in ${precision ?? 'this precision'}.`);
}

function workspaceRange(read: ArgumentReader, kernels: Kernels): Range {
  return { what: 'workspace', offset: read.integer('workspace'), length: kernels.workspaceFloats };
}

/**
 * Most rows, columns and depths of a product, and most floats of a packed operand: WebAssembly computes sizes in 32 bits. No memory of
 * its own holds more, but strides of 0 and patches make large matrices of few floats.
 */
const LARGEST_SIZE = 2 ** 30;

/** A packed operand has at least so many columns. */
const LEAST_COLUMNS = 64;

/** @throws KernelsError for an operand of more than 2³⁰ floats */
function packedRange(kernels: Kernels, k: number, n: number, precision: Precision, offset: number): Range {
  if (k * Math.max(n, LEAST_COLUMNS) > LARGEST_SIZE)
    throw new KernelsError(`An operand of ${k} × ${n} is too large: make the batch or the layers smaller.`);
  return { what: 'packed B', offset, length: kernels.packedFloats(k, n, precision) };
}

function packRanges(read: ArgumentReader, kernels: Kernels): Range[] {
  const [k, n] = [read.integer('k', 1), read.integer('n', 1)];
  const b = operandRange('B', read, k, n);
  const precision = readPrecision(read, kernels);
  const packed = packedRange(kernels, k, n, precision, read.integer('packed'));
  return [b, packed, workspaceRange(read, kernels)];
}

function productRanges(once: boolean) {
  return (read: ArgumentReader, kernels: Kernels): Range[] => {
    const [m, n, k] = [
      read.integer('m', 1, LARGEST_SIZE),
      read.integer('n', 1, LARGEST_SIZE),
      read.integer('k', 1, LARGEST_SIZE),
    ];
    const a = operandRange('A', read, m, k);
    const b = once ? operandRange('B', read, k, n) : undefined;
    const packed = once ? 0 : read.integer('packed');
    const c = outputRange(read, m, n);
    const bias = epilogueRanges(read, n);
    const precision = readPrecision(read, kernels);
    return [a, b ?? packedRange(kernels, k, n, precision, packed), c, ...bias, workspaceRange(read, kernels)];
  };
}

type Ranges = (read: ArgumentReader, kernels: Kernels) => Range[];

/** What each instruction touches, by its opcode. */
export const operationRanges: Readonly<Record<number, Ranges>> = {
  ...Object.fromEntries(
    [...instructions].map(([opcode, of]): [number, Ranges] => [opcode, (read) => rangesOf(of, read)]),
  ),
  [OPCODES.pack]: packRanges,
  [OPCODES.product]: productRanges(false),
  [OPCODES.productOnce]: productRanges(true),
};
