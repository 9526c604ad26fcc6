import { encode, type Instruction, type Kinds, type Values, type View } from '../../instructions/instruction.js';
import type { Kernels, Precision } from '../../kernels.js';
import { type Operand, type Output, pack, product, productOnce } from '../../operations.js';
import { Layout } from './layout.js';

/** A product's sizes and right operand's owner, with what may stand behind it. */
interface ProductSizes {
  /** Rows and columns of the result, and what is summed over. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Operand;
  readonly c: View;
  /** C += A B. Default false. */
  readonly accumulate?: boolean;
  readonly bias?: View | undefined;
  /** As a number: see `activation-numbers.ts`. Default linear. */
  readonly activation?: number;
}

/** A product with weights, which are packed once a run. */
interface WeightProduct extends ProductSizes {
  readonly weights: PackedWeights;
}

/** A product whose right operand serves once. */
interface OnceProduct extends ProductSizes {
  readonly b: Operand;
}

/** A packed right operand, [k, n]. */
export interface PackedWeights {
  readonly view: View;
  readonly k: number;
  readonly n: number;
}

/** Collects the instructions of a program, and lays out its arrays. */
export class ProgramBuilder {
  readonly layout = new Layout();
  readonly #kernels: Kernels;
  readonly #precision: Precision;
  readonly #workspace: View;
  /** Instructions of the weights' packing, which stand before all others. */
  readonly #packing: number[][] = [];
  readonly #instructions: number[][] = [];

  constructor(kernels: Kernels, precision: Precision) {
    this.#kernels = kernels;
    this.#precision = precision;
    this.#workspace = this.layout.allocate(kernels.workspaceFloats);
  }

  /** All instructions so far, packing first. */
  get instructions(): readonly (readonly number[])[] {
    return [...this.#packing, ...this.#instructions];
  }

  emit<K extends Kinds>(of: Instruction<K>, values: Values<K>): void {
    this.#instructions.push(encode(of, values));
  }

  /** The same before the products of a run: what is done to the weights themselves. */
  prepare<K extends Kinds>(of: Instruction<K>, values: Values<K>): void {
    this.#packing.push(encode(of, values));
  }

  /** Packs [k, n] weights at the start of each run. */
  pack(k: number, n: number, b: Operand): PackedWeights {
    const view = this.layout.allocate(this.#kernels.packedFloats(k, n, this.#precision));
    const precision = this.#precision;
    this.#packing.push(pack({ k, n, b, precision, packed: view.at, workspace: this.#workspace.at }));
    return { view, k, n };
  }

  /** C = A W, with W packed. */
  product({ weights, ...sizes }: WeightProduct): void {
    this.#instructions.push(product({ ...this.#sized(sizes), packed: weights.view.at }));
  }

  /** C = A B. */
  productOnce({ b, ...sizes }: OnceProduct): void {
    this.#instructions.push(productOnce({ ...this.#sized(sizes), b }));
  }

  #sized({ m, n, k, a, c, accumulate = false, bias, activation = 0 }: ProductSizes) {
    if (c.length < m * n) throw new RangeError(`a product of ${m} × ${n} has ${c.length} floats for its result`);
    const output: Output = { offset: c.at, row: n };
    const tail = { precision: this.#precision, workspace: this.#workspace.at };
    return { m, n, k, a, c: output, accumulate, ...(bias ? { bias: bias.at } : {}), activation, ...tail };
  }
}

/** A matrix [rows, columns] whose rows follow each other, as an operand. */
export const matrix = ({ at }: View, columns: number): Operand => ({ offset: at, row: columns, column: 1 });

/** The transpose of a matrix [rows, columns] whose rows follow each other. */
export const transposed = ({ at }: View, columns: number): Operand => ({ offset: at, row: 1, column: columns });
