/**
 * One side of a tiled product C = A B, [m, k] × [k, n]: what a workgroup holds of A (the left side) or of B (the right side). A tile computes
 * rows × columns elements of C and goes along k in steps of `depth`. Of each step, a side holds its `length` rows or columns times `depth`
 * inner elements in workgroup memory, as vectors along the side:
 *
 *     tile[d · stride + i / vector]        the vector of elements i to i + vector − 1 of the side, at the inner element d of the step
 *
 * A step has three phases, each a method here that writes the WGSL for it:
 *
 *     fetch   from the operand's buffer to registers, in the order of the buffer's memory, four elements at a time where it allows that
 *     stage   from the registers to workgroup memory; what was fetched along the inner dimension is transposed on its way
 *     read    from workgroup memory, an invocation's block of `block` elements of the side
 *
 * Fetches of the next step are on their way while an invocation multiplies what it has read of this one. Each invocation fetches, in turns,
 * every `lanes`-th piece of the tile; in a turn it makes one load or, where it transposes, as many as a vector has elements.
 */

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
/** E.g. `zw` for two components from number 2 on. */
const components = (from: number, count: number) => 'xyzw'.slice(from, from + count);

/** One side of a tile, as WGSL: see the top of this file. */
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
  readonly #fetchesVectors: boolean;
  /** Loads of an invocation in a turn: more than one where it transposes. */
  readonly #loads: number;
  /** Elements of a load. */
  readonly #loadSize: number;
  /** Fetches that make up a tile; an invocation makes one in a turn. */
  readonly #fetches: number;
  /** Turns until all invocations together have fetched a tile. */
  readonly #turns: readonly number[];

  constructor(spec: SideSpec) {
    const { length, block, depth, lanes, operand } = spec;
    this.#spec = spec;
    this.vector = Math.min(block, VECTOR);
    this.groups = block / this.vector;
    this.step = length / block;
    this.#stride = length / this.vector + 1;
    this.#fetchesVectors = operand.vector === true && (operand.alongInner ? depth : length) % VECTOR === 0;
    this.#loadSize = this.#fetchesVectors ? VECTOR : this.vector;
    // Each vector of workgroup memory is written by one invocation: writing a part of it may write all of it.
    this.#loads = this.#fetchesVectors && operand.alongInner ? this.vector : 1;
    this.#fetches = (length * depth) / this.#loadSize / this.#loads;
    this.#turns = range(Math.ceil(this.#fetches / lanes));
  }

  /** The type of a vector in workgroup memory. */
  get type(): string {
    return typeOf(this.vector, this.#spec.scalar);
  }

  /** Element e of a vector named `name`. */
  part(name: string, e: number): string {
    return this.vector === 1 ? name : `${name}.${components(e, 1)}`;
  }

  declare(): string {
    return `var<workgroup> ${this.#spec.name}Tile: array<${this.type}, ${this.#spec.depth * this.#stride}>;`;
  }

  /** WGSL: the registers between operand and workgroup memory. */
  registers(): string {
    return this.#turns
      .flatMap((turn) => range(this.#loads).map((load) => this.#register(turn, load)))
      .map((register) => `  var ${register}: ${typeOf(this.#loadSize, 'f32')};`)
      .join('\n');
  }

  /** WGSL: from the operand to the registers, for inner elements from `start` on; `operand` calls it. */
  fetch(start: string, operand: (suffix: '' | '4', at: string, inner: string) => string): string {
    return this.#eachTurn((turn) => {
      const inner = `${start} + d`;
      if (this.#fetchesVectors) {
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
    const transposes = this.#fetchesVectors && this.#spec.operand.alongInner;
    return this.#eachTurn((turn) => {
      if (transposes) return this.#stageTransposed(turn);
      return this.#fetchesVectors ? this.#stageAlong(turn) : `${this.#cell()} = ${this.type}(${this.#register(turn)});`;
    });
  }

  /** WGSL: four inner elements of each load become the elements of four vectors along the side, each written whole. */
  #stageTransposed(turn: number): string {
    const { scalar } = this.#spec;
    return range(VECTOR)
      .map((e) => {
        const parts = range(this.#loads).map((load) => `${scalar}(${this.#register(turn, load)}.${components(e, 1)})`);
        return `${this.#cell(`(d + ${e}u)`)} = ${this.type}(${parts.join(', ')});`;
      })
      .join('\n  ');
  }

  /** WGSL: a load of four elements along the side becomes as many vectors as it makes. */
  #stageAlong(turn: number): string {
    return range(VECTOR / this.vector)
      .map((g) => {
        const value = `${this.type}(${this.#register(turn)}.${components(g * this.vector, this.vector)})`;
        return `${this.#cell('d', ` + ${g}u`)} = ${value};`;
      })
      .join('\n  ');
  }

  /** WGSL: the vector in workgroup memory at inner element `inner` and the element `at` of the side. */
  #cell(inner = 'd', after = ''): string {
    return `${this.#spec.name}Tile[${inner} * ${this.#stride}u + at / ${this.vector}u${after}]`;
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
        const full = (turn + 1) * lanes <= this.#fetches;
        return full ? `  { ${body} }` : `  if (lane < ${this.#fetches - turn * lanes}u) { ${body} }`;
      })
      .join('\n');
  }

  /** WGSL: where fetch number i of a tile starts. */
  #place(): string {
    const { depth, length, operand } = this.#spec;
    const { alongInner } = operand;
    const [across, down] = this.#fetchesVectors && alongInner ? [this.#loads, VECTOR] : [this.#loadSize, 1];
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
