import type { Buffers, Kernel } from '../plan/kernel.js';
import { chooseParts, chooseTile, type Tile } from './tile.js';

/** A matrix product [m, k] × [k, n] with its operands and its result as functions of their indices. */
export interface ProductSpec {
  readonly name: string;
  readonly buffers: Buffers;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Independent products, `phase` in the code. Default 1. */
  readonly phases?: number;
  /** Whether neighbours along k (left) and along n (right) stand beside each other in memory: loads follow it. */
  readonly leftAlongInner: boolean;
  readonly rightAlongColumns: boolean;
  /**
   * WGSL: `fn left(row: u32, inner: u32, phase: u32) -> f32`, `fn right(inner: u32, column: u32, phase: u32) -> f32`,
   * `fn store(row: u32, column: u32, value: f32, phase: u32, part: u32)`; and, where phases differ,
   * `rowsOf(phase)` and `innerOf(phase)`.
   */
  readonly code: string;
  readonly varying?: boolean;
  /** May be cut along k, each part stored apart. Default false. */
  readonly splittable?: boolean;
  /** Whether operands are rounded to float16 and sums over a tile's depth are float16. Default false. */
  readonly float16?: boolean;
  /** Distinct words of both operands. Default: m k + k n of each phase. */
  readonly operands?: number;
  /** Products with a partner other than padding. Default: m n k of each phase. */
  readonly pairs?: number;
}

/** A product's kernel, its grid and into how many parts it is cut. */
export interface Product {
  readonly kernel: Kernel;
  readonly groups: [number, number, number];
  readonly parts: number;
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** One side of a tile in workgroup memory: `length` elements for each of the inner ones, in vectors. */
class Side {
  /** Elements of a vector. */
  readonly vector: number;
  /** Vectors of one inner element; one more keeps invocations out of each other's memory banks. */
  readonly stride: number;
  /** Vectors of an invocation's block, and how far they are apart. */
  readonly groups: number;
  readonly step: number;

  constructor(
    readonly array: string,
    readonly length: number,
    block: number,
    private readonly scalar: string,
  ) {
    this.vector = Math.min(block, 4);
    this.stride = length / this.vector + 1;
    this.groups = block / this.vector;
    this.step = length / block;
  }

  get type(): string {
    return this.vector === 1 ? this.scalar : `vec${this.vector}<${this.scalar}>`;
  }

  /** Element e of a vector named `name`. */
  part(name: string, e: number): string {
    return this.vector === 1 ? name : `${name}.${'xyzw'[e]}`;
  }

  declare(depth: number): string {
    return `var<workgroup> ${this.array}: array<${this.type}, ${depth * this.stride}>;`;
  }

  /** Loads the side for inner elements from `start` on, in the order of the operand's memory; whole vectors are written. */
  load(depth: number, lanes: number, alongInner: boolean, operand: (at: string, inner: string) => string): string {
    const vectors = this.length / this.vector;
    const [at, d] = alongInner ? [`i / ${depth}u`, `i % ${depth}u`] : [`i % ${vectors}u`, `i / ${vectors}u`];
    const elements = range(this.vector).map(
      (e) => `${this.scalar}(${operand(`v * ${this.vector}u + ${e}u`, 'start + d')})`,
    );
    return `for (var i = lane; i < ${vectors * depth}u; i += ${lanes}u) {
  let v = ${at}; let d = ${d};
  ${this.array}[d * ${this.stride}u + v] = ${this.type}(${elements.join(', ')});
}`;
  }
}

/** The kernel of a product with register blocking: each invocation keeps `height` × `width` sums. */
function productKernel(spec: ProductSpec, tile: Tile, splits: number): Kernel {
  const { rows, columns, height, width, depth } = tile;
  const { m, n, k, phases = 1, varying = false, float16 = false } = spec;
  const scalar = float16 ? 'f16' : 'f32';
  const [left, right] = [new Side('leftTile', rows, height, scalar), new Side('rightTile', columns, width, scalar)];
  const lanes = (rows / height) * (columns / width);
  const chunk = Math.ceil(k / splits / depth) * depth;
  const sumType = right.vector === 1 ? 'f32' : `vec${right.vector}<f32>`;
  const blockRows = range(left.groups).flatMap((g) => range(left.vector).map((e) => ({ g, e, name: `${g}${e}` })));
  const sums = blockRows.flatMap((row) => range(right.groups).map((g) => ({ row, g, name: `${row.name}_${g}` })));
  const code = `${left.declare(depth)}
${right.declare(depth)}
${spec.code}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let part = group.z % ${splits}u;
  let phase = group.z / ${splits}u;
  let rowCount = ${varying ? 'rowsOf(phase)' : `${m}u`};
  let firstRow = group.y * ${rows}u;
  let firstColumn = group.x * ${columns}u;
  if (firstRow >= rowCount) { return; }
  let end = min(${varying ? 'innerOf(phase)' : `${k}u`}, (part + 1u) * ${chunk}u);
  let blockRow = lane / ${right.step}u;
  let blockColumn = lane % ${right.step}u;
${sums.map(({ name }) => `  var sum${name} = ${sumType}();`).join('\n')}
  for (var start = part * ${chunk}u; start < end; start += ${depth}u) {
${left.load(depth, lanes, spec.leftAlongInner, (at, inner) => `bounded_left(firstRow + ${at}, ${inner}, rowCount, end, phase)`)}
${right.load(depth, lanes, !spec.rightAlongColumns, (at, inner) => `bounded_right(${inner}, firstColumn + ${at}, end, phase)`)}
    workgroupBarrier();
${float16 ? sums.map(({ name }) => `    var half${name} = ${right.type}();`).join('\n') : ''}
    for (var d = 0u; d < ${depth}u; d++) {
${range(left.groups)
  .map((g) => `      let l${g} = leftTile[d * ${left.stride}u + blockRow + ${g * left.step}u];`)
  .join('\n')}
${range(right.groups)
  .map((g) => `      let r${g} = rightTile[d * ${right.stride}u + blockColumn + ${g * right.step}u];`)
  .join('\n')}
${sums
  .map(({ row, g, name }) => {
    const sum = `${float16 ? 'half' : 'sum'}${name}`;
    return `      ${sum} = fma(${right.type}(${left.part(`l${row.g}`, row.e)}), r${g}, ${sum});`;
  })
  .join('\n')}
    }
${float16 ? sums.map(({ name }) => `    sum${name} += ${sumType}(half${name});`).join('\n') : ''}
    workgroupBarrier();
  }
${sums
  .map(({ row, g, name }) => {
    const at = `firstRow + (blockRow + ${row.g * left.step}u) * ${left.vector}u + ${row.e}u`;
    const from = `firstColumn + (blockColumn + ${g * right.step}u) * ${right.vector}u`;
    const parts = range(right.vector).map(
      (e) => `bounded_store(${at}, ${from} + ${e}u, ${right.part(`sum${name}`, e)}, rowCount, phase, part);`,
    );
    return `  ${parts.join('\n  ')}`;
  })
  .join('\n')}
}
fn bounded_left(row: u32, inner: u32, rowCount: u32, end: u32, phase: u32) -> f32 {
  if (row < rowCount && inner < end) { return left(row, inner, phase); }
  return 0.0;
}
fn bounded_right(inner: u32, column: u32, end: u32, phase: u32) -> f32 {
  if (column < ${n}u && inner < end) { return right(inner, column, phase); }
  return 0.0;
}
fn bounded_store(row: u32, column: u32, value: f32, rowCount: u32, phase: u32, part: u32) {
  if (row < rowCount && column < ${n}u) { store(row, column, value, phase, part); }
}`;
  const operands = spec.operands ?? (m * k + k * n) * phases;
  const cost = { operations: 2 * (spec.pairs ?? m * n * k * phases), words: operands + m * n * phases * splits };
  return { name: spec.name, buffers: spec.buffers, code, cost, workgroup: lanes, float16 };
}

/** Chooses the tile of a product and writes its kernel. */
export function product(spec: ProductSpec): Product {
  const { m, n, k, phases = 1, splittable = false } = spec;
  const size = { m, n, k, phases, splittable };
  const tile = chooseTile(size);
  const parts = chooseParts(size, tile);
  const groups: [number, number, number] = [Math.ceil(n / tile.columns), Math.ceil(m / tile.rows), parts * phases];
  return { kernel: productKernel(spec, tile, parts), groups, parts };
}
