/**
 * One side of a tiled product C = A B, [m, k] × [k, n]: what a workgroup holds of A (the left side) or of B (the right side). A workgroup
 * computes a tile of C, rows × columns, and goes along k in steps of `depth`. Of each step it holds, in workgroup memory, the tile's rows of A and
 * its columns of B: a side has `length` of them times `depth` inner elements, as vectors along the side:
 *
 *     tile[d · stride + i / vector]        the vector of elements i to i + vector − 1 of the side, at the inner element d of the step
 *
 * Why a tile passes through workgroup memory: every element of A is needed for each of the tile's columns, and every element of B for each of its
 * rows. From there each is loaded from the device's memory once for a tile. Why each invocation computes a block of the tile: what it reads from
 * workgroup memory for a row or column of its block serves the whole block, so that reads are few beside multiplications.
 *
 * A step has three phases, each a method here that writes the WGSL for it:
 *
 *     fetch   from the operand's buffer to registers, in the order of the buffer's memory, four elements at a time where it allows that
 *     stage   from the registers to workgroup memory
 *     read    from workgroup memory, an invocation's block of `block` elements of the side
 *
 * Fetches of the next step are on their way while an invocation multiplies what it has read of this one (double buffering, in registers).
 * A tile is fetched in pieces; each invocation takes, in turns, every `lanes`-th piece. What a piece is depends on the operand, see `Piece`.
 */

import { VECTOR } from '../plan/kernel.js';
import type { Operand } from './operand.js';

/** What a side is made from. */
interface SideSpec {
  /** `left` or `right`: the operand's function, and the start of the names in the code. */
  readonly name: 'left' | 'right';
  /** Rows or columns of the tile. */
  readonly length: number;
  /** Elements of it in an invocation's block. */
  readonly block: number;
  /** Inner elements of a step. */
  readonly depth: number;
  /** Invocations of the workgroup. */
  readonly lanes: number;
  readonly scalar: 'f32' | 'f16';
  readonly operand: Operand;
}

/** WGSL that calls the operand's function: its form, the element of the side and the inner element. */
type OperandCall = (suffix: '' | '4', at: string, inner: string) => string;

/** What an invocation fetches in a turn: a block of the tile, from `at` along the side and from `d` along the inner dimension. */
interface Piece {
  /** Its elements along the side. */
  readonly across: number;
  /** Its elements along the inner dimension. */
  readonly down: number;
  /** Registers that hold it. */
  readonly registers: number;
  /** Elements of each register. */
  readonly registerSize: number;
  /** WGSL: the value of a register, from the operand. @param inner the inner element of the product at `d` */
  fetch(register: number, operand: OperandCall, inner: string): string;
  /** WGSL: what writes the registers, given by name, to whole vectors of workgroup memory: see {@link Side}. */
  stage(registers: readonly string[], cell: (inner: string, after?: string) => string): string[];
}

export const range = (count: number) => Array.from({ length: count }, (_, i) => i);
/** E.g. `zw` for two components from number 2 on. */
const components = (from: number, count: number) => 'xyzw'.slice(from, from + count);
const typeOf = (count: number, scalar: string) => (count === 1 ? scalar : `vec${count}<${scalar}>`);

/** For operands that are read one element at a time: a piece is a vector along the side, whose elements are fetched one by one. */
const elementByElement = (vector: number, type: string): Piece => ({
  across: vector,
  down: 1,
  registers: 1,
  registerSize: vector,
  fetch: (_, operand, inner) =>
    `${typeOf(vector, 'f32')}(${range(vector)
      .map((e) => operand('', `at + ${e}u`, inner))
      .join(', ')})`,
  stage: ([register], cell) => [`${cell('d')} = ${type}(${register});`],
});

/** For operands whose memory runs along the side: a piece is a load of four elements, one vector of the side or more. */
const alongSide = (vector: number, type: string): Piece => ({
  across: VECTOR,
  down: 1,
  registers: 1,
  registerSize: VECTOR,
  fetch: (_, operand, inner) => operand('4', 'at + 0u', inner),
  stage: ([register], cell) =>
    range(VECTOR / vector).map(
      (g) => `${cell('d', ` + ${g}u`)} = ${type}(${register}.${components(g * vector, vector)});`,
    ),
});

/**
 * For operands whose memory runs along the inner dimension: a piece is as many loads as a vector has elements, each of four inner elements. They are
 * transposed on their way, to four vectors along the side. One invocation fetches all of a vector's elements, because WGSL lets a write to a
 * part of a vector write all of it.
 */
const transposed = (vector: number, type: string, scalar: string): Piece => ({
  across: vector,
  down: VECTOR,
  registers: vector,
  registerSize: VECTOR,
  fetch: (register, operand, inner) => operand('4', `at + ${register}u`, inner),
  stage: (registers, cell) =>
    range(VECTOR).map((e) => {
      const elements = registers.map((register) => `${scalar}(${register}.${components(e, 1)})`);
      return `${cell(`(d + ${e}u)`)} = ${type}(${elements.join(', ')});`;
    }),
});

/** How an operand is fetched. Four elements at a time must not reach beyond the tile. */
function pieceOf({ operand, length, depth, scalar }: SideSpec, vector: number): Piece {
  const type = typeOf(vector, scalar);
  const alongInner = operand.alongInner;
  if (!operand.vector || (alongInner ? depth : length) % VECTOR !== 0) return elementByElement(vector, type);
  return alongInner ? transposed(vector, type, scalar) : alongSide(vector, type);
}

/** One side of a tile, as WGSL: see the top of this file. */
export class Side {
  /** Elements of a vector in workgroup memory. */
  readonly vector: number;
  /** Vectors of an invocation's block. */
  readonly groups: number;
  /** How many vectors they are apart: neighbouring invocations read neighbouring vectors. Also the blocks of the side. */
  readonly step: number;
  readonly #spec: SideSpec;
  /** Vectors from one inner element to the next: one more than the side has keeps invocations out of each other's memory banks. */
  readonly #stride: number;
  readonly #piece: Piece;
  /** Pieces of a tile. */
  readonly #pieces: number;
  /** Turns until all invocations together have fetched a tile. */
  readonly #turns: readonly number[];

  constructor(spec: SideSpec) {
    const { length, block, depth, lanes } = spec;
    this.#spec = spec;
    this.vector = Math.min(block, VECTOR);
    this.groups = block / this.vector;
    this.step = length / block;
    this.#stride = length / this.vector + 1;
    this.#piece = pieceOf(spec, this.vector);
    this.#pieces = (length * depth) / (this.#piece.across * this.#piece.down);
    this.#turns = range(Math.ceil(this.#pieces / lanes));
  }

  /** The type of a vector in workgroup memory. */
  get type(): string {
    return typeOf(this.vector, this.#spec.scalar);
  }

  /** WGSL: element e of a vector named `name`. */
  part(name: string, e: number): string {
    return this.vector === 1 ? name : `${name}.${components(e, 1)}`;
  }

  /** WGSL: the side in workgroup memory. */
  declare(): string {
    return `var<workgroup> ${this.#spec.name}Tile: array<${this.type}, ${this.#spec.depth * this.#stride}>;`;
  }

  /** WGSL: the registers between operand and workgroup memory. */
  registers(): string {
    const type = typeOf(this.#piece.registerSize, 'f32');
    return this.#turns
      .flatMap((turn) => this.#registers(turn))
      .map((register) => `  var ${register}: ${type};`)
      .join('\n');
  }

  /** WGSL: from the operand to the registers, for inner elements from `start` on. */
  fetch(start: string, operand: OperandCall): string {
    return this.#eachTurn((turn) =>
      this.#registers(turn)
        .map((register, r) => `${register} = ${this.#piece.fetch(r, operand, `${start} + d`)};`)
        .join('\n  '),
    );
  }

  /** WGSL: from the registers to workgroup memory. */
  stage(): string {
    const cell = (inner: string, after = '') =>
      `${this.#spec.name}Tile[${inner} * ${this.#stride}u + at / ${this.vector}u${after}]`;
    return this.#eachTurn((turn) => this.#piece.stage(this.#registers(turn), cell).join('\n  '));
  }

  /** WGSL: an invocation's vectors of inner element d, named `name` and their number. @param block WGSL: the number of its block */
  read(name: string, block: string): string {
    return range(this.groups)
      .map(
        (g) => `      let ${name}${g} = ${this.#spec.name}Tile[d * ${this.#stride}u + ${block} + ${g * this.step}u];`,
      )
      .join('\n');
  }

  /** Names of the registers that hold a turn's piece. */
  #registers(turn: number): string[] {
    return range(this.#piece.registers).map((register) => `${this.#spec.name}Next${turn}_${register}`);
  }

  /** WGSL: `write` for an invocation's piece of each turn, which starts at `at` along the side and at `d` along the inner dimension. */
  #eachTurn(write: (turn: number) => string): string {
    const { lanes } = this.#spec;
    return this.#turns
      .map((turn) => {
        const body = `let i = lane + ${turn * lanes}u;
  ${this.#place()}
  ${write(turn)}`;
        const full = (turn + 1) * lanes <= this.#pieces;
        return full ? `  { ${body} }` : `  if (lane < ${this.#pieces - turn * lanes}u) { ${body} }`;
      })
      .join('\n');
  }

  /** WGSL: where piece number i of a tile starts. Neighbouring pieces are neighbours in the operand's memory. */
  #place(): string {
    const { depth, length, operand } = this.#spec;
    const { across, down } = this.#piece;
    const scaled = (text: string, factor: number) => (factor === 1 ? text : `${text} * ${factor}u`);
    if (operand.alongInner) {
      const inners = depth / down;
      return `let at = ${scaled(`i / ${inners}u`, across)}; let d = ${scaled(`i % ${inners}u`, down)};`;
    }
    const places = length / across;
    return `let at = ${scaled(`i % ${places}u`, across)}; let d = i / ${places}u;`;
  }
}
