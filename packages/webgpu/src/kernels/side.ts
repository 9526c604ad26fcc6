import { VECTOR } from '../plan/kernel.js';
import type { Operand } from './operand.js';

/** What a side is made from. */
export interface SideSpec {
  /** `left` or `right`: the operand's function, and the start of the names in the code. */
  readonly name: 'left' | 'right';
  /** Rows or columns of the tile. */
  readonly length: number;
  /** Elements of it in an invocation's block. */
  readonly block: number;
  readonly depth: number;
  /** Invocations of the workgroup. */
  readonly lanes: number;
  readonly scalar: 'f32' | 'f16';
  readonly operand: Operand;
}

export const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const swizzle = (from: number, count: number) => 'xyzw'.slice(from, from + count);

/**
 * One side of a tile: `length` elements for each of the inner ones, in workgroup memory as vectors along the side. Invocations fetch the
 * next tile's elements from the operand to registers, in the order of its memory, while they compute with the present one; what is
 * fetched along the inner dimension is turned on its way to workgroup memory.
 */
export class Side {
  /** Elements of a vector in workgroup memory. */
  readonly vector: number;
  /** Vectors of an invocation's block, and how far they are apart. */
  readonly groups: number;
  readonly step: number;
  readonly #spec: SideSpec;
  /** Vectors of one inner element; one more keeps invocations out of each other's memory banks. */
  readonly #stride: number;
  /** Whether the operand is fetched four elements at a time. */
  readonly #wide: boolean;
  /** Loads of a fetch and the elements of each, fetches for a tile, and those of an invocation. */
  readonly #loads: number;
  readonly #chunk: number;
  readonly #chunks: number;
  readonly #turns: readonly number[];

  constructor(spec: SideSpec) {
    const { length, block, depth, lanes, operand } = spec;
    this.#spec = spec;
    this.vector = Math.min(block, VECTOR);
    this.groups = block / this.vector;
    this.step = length / block;
    this.#stride = length / this.vector + 1;
    this.#wide = operand.vector === true && (operand.alongInner ? depth : length) % VECTOR === 0;
    this.#chunk = this.#wide ? VECTOR : this.vector;
    // Each vector of workgroup memory is written by one invocation: writing a part of it may write all of it.
    this.#loads = this.#wide && operand.alongInner ? this.vector : 1;
    this.#chunks = (length * depth) / this.#chunk / this.#loads;
    this.#turns = range(Math.ceil(this.#chunks / lanes));
  }

  /** The type of a vector in workgroup memory. */
  get type(): string {
    return typeOf(this.vector, this.#spec.scalar);
  }

  /** Element e of a vector named `name`. */
  part(name: string, e: number): string {
    return this.vector === 1 ? name : `${name}.${swizzle(e, 1)}`;
  }

  declare(): string {
    return `var<workgroup> ${this.#spec.name}Tile: array<${this.type}, ${this.#spec.depth * this.#stride}>;`;
  }

  /** WGSL: the registers between operand and workgroup memory. */
  registers(): string {
    return this.#turns
      .flatMap((turn) => range(this.#loads).map((load) => this.#register(turn, load)))
      .map((register) => `  var ${register}: ${typeOf(this.#chunk, 'f32')};`)
      .join('\n');
  }

  /** WGSL: from the operand to the registers, for inner elements from `start` on; `operand` calls it. */
  fetch(start: string, operand: (suffix: '' | '4', at: string, inner: string) => string): string {
    return this.#eachTurn((turn) => {
      const inner = `${start} + d`;
      if (this.#wide) {
        return range(this.#loads)
          .map((load) => `${this.#register(turn, load)} = ${operand('4', `at + ${load}u`, inner)};`)
          .join('\n  ');
      }
      const elements = range(this.vector).map((e) => operand('', `at + ${e}u`, inner));
      return `${this.#register(turn)} = ${typeOf(this.vector, 'f32')}(${elements.join(', ')});`;
    });
  }

  /** WGSL: from the registers to workgroup memory. */
  stage(): string {
    const array = `${this.#spec.name}Tile`;
    const stride = this.#stride;
    return this.#eachTurn((turn) => {
      const register = this.#register(turn);
      if (!this.#wide) return `${array}[d * ${stride}u + at / ${this.vector}u] = ${this.type}(${register});`;
      if (this.#spec.operand.alongInner) {
        return range(VECTOR)
          .map((e) => {
            const parts = range(this.#loads).map(
              (load) => `${this.#spec.scalar}(${this.#register(turn, load)}.${swizzle(e, 1)})`,
            );
            return `${array}[(d + ${e}u) * ${stride}u + at / ${this.vector}u] = ${this.type}(${parts.join(', ')});`;
          })
          .join('\n  ');
      }
      return range(VECTOR / this.vector)
        .map((g) => {
          const value = `${this.type}(${register}.${swizzle(g * this.vector, this.vector)})`;
          return `${array}[d * ${stride}u + at / ${this.vector}u + ${g}u] = ${value};`;
        })
        .join('\n  ');
    });
  }

  /** WGSL: an invocation's vectors of inner element d, named `name` and their number. */
  read(name: string, block: string): string {
    return range(this.groups)
      .map(
        (g) => `      let ${name}${g} = ${this.#spec.name}Tile[d * ${this.#stride}u + ${block} + ${g * this.step}u];`,
      )
      .join('\n');
  }

  #register(turn: number, load = 0): string {
    return `${this.#spec.name}Next${turn}_${load}`;
  }

  /** `write` for each fetch of an invocation, with its first element's place: `at` along the side and `d` along the inner dimension. */
  #eachTurn(write: (turn: number) => string): string {
    const { lanes } = this.#spec;
    return this.#turns
      .map((turn) => {
        const body = `let i = lane + ${turn * lanes}u;
  ${this.#place()}
  ${write(turn)}`;
        const full = (turn + 1) * lanes <= this.#chunks;
        return full ? `  { ${body} }` : `  if (lane < ${this.#chunks - turn * lanes}u) { ${body} }`;
      })
      .join('\n');
  }

  /** WGSL: where fetch number i of a tile starts. */
  #place(): string {
    const { depth, length, operand } = this.#spec;
    const { alongInner } = operand;
    const [across, down] = this.#wide && alongInner ? [this.#loads, VECTOR] : [this.#chunk, 1];
    const scaled = (text: string, factor: number) => (factor === 1 ? text : `${text} * ${factor}u`);
    if (alongInner) {
      const inners = depth / down;
      return `let at = ${scaled(`i / ${inners}u`, across)}; let d = ${scaled(`i % ${inners}u`, down)};`;
    }
    const places = length / across;
    return `let at = ${scaled(`i % ${places}u`, across)}; let d = i / ${places}u;`;
  }
}

const typeOf = (count: number, scalar: string) => (count === 1 ? scalar : `vec${count}<${scalar}>`);
