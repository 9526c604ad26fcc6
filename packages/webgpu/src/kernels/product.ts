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

  /** WGSL: an invocation's vectors of inner element d, named `name` and their number. */
  fetch(name: string, block: string): string {
    return range(this.groups)
      .map((g) => `      let ${name}${g} = ${this.array}[d * ${this.stride}u + ${block} + ${g * this.step}u];`)
      .join('\n');
  }
}

/** WGSL: where a workgroup's outputs and inner elements lie. */
function extent({ m, k, varying = false }: ProductSpec, { rows, columns, depth }: Tile, splits: number): string {
  const chunk = Math.ceil(k / splits / depth) * depth;
  return `let part = group.z % ${splits}u;
  let phase = group.z / ${splits}u;
  let rowCount = ${varying ? 'rowsOf(phase)' : `${m}u`};
  let firstRow = group.y * ${rows}u;
  let firstColumn = group.x * ${columns}u;
  if (firstRow >= rowCount) { return; }
  let first = part * ${chunk}u;
  let end = min(${varying ? 'innerOf(phase)' : `${k}u`}, first + ${chunk}u);`;
}

/** Each invocation sums up one output. */
function directCode(spec: ProductSpec, tile: Tile, splits: number): string {
  return `${spec.code}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${extent(spec, tile, splits)}
  let row = firstRow + lane / ${tile.columns}u;
  let column = firstColumn + lane % ${tile.columns}u;
  if (row >= rowCount || column >= ${spec.n}u) { return; }
  var sum = 0.0;
  for (var inner = first; inner < end; inner++) { sum = fma(left(row, inner, phase), right(inner, column, phase), sum); }
  store(row, column, sum, phase, part);
}`;
}

/** Tiles pass through workgroup memory; each invocation keeps `height` × `width` sums in registers. */
function tiledCode(spec: ProductSpec, tile: Tile, splits: number): string {
  const { rows, columns, height, width, depth } = tile;
  const { n, float16 = false } = spec;
  const scalar = float16 ? 'f16' : 'f32';
  const [left, right] = [new Side('leftTile', rows, height, scalar), new Side('rightTile', columns, width, scalar)];
  const lanes = invocations(tile);
  const sumType = right.vector === 1 ? 'f32' : `vec${right.vector}<f32>`;
  const blockRows = range(left.groups).flatMap((g) => range(left.vector).map((e) => ({ g, e, name: `${g}${e}` })));
  const sums = blockRows.flatMap((row) => range(right.groups).map((g) => ({ row, g, name: `${row.name}_${g}` })));
  const each = (line: (sum: (typeof sums)[number]) => string) => sums.map(line).join('\n');
  return `${left.declare(depth)}
${right.declare(depth)}
${spec.code}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  ${extent(spec, tile, splits)}
  let blockRow = lane / ${right.step}u;
  let blockColumn = lane % ${right.step}u;
${each(({ name }) => `  var sum${name} = ${sumType}();`)}
  for (var start = first; start < end; start += ${depth}u) {
${left.load(depth, lanes, spec.leftAlongInner, (at, inner) => `bounded_left(firstRow + ${at}, ${inner}, rowCount, end, phase)`)}
${right.load(depth, lanes, !spec.rightAlongColumns, (at, inner) => `bounded_right(${inner}, firstColumn + ${at}, end, phase)`)}
    workgroupBarrier();
${float16 ? each(({ name }) => `    var half${name} = ${right.type}();`) : ''}
    for (var d = 0u; d < ${depth}u; d++) {
${left.fetch('l', 'blockRow')}
${right.fetch('r', 'blockColumn')}
${each(({ row, g, name }) => {
  const sum = `${float16 ? 'half' : 'sum'}${name}`;
  return `      ${sum} = fma(${right.type}(${left.part(`l${row.g}`, row.e)}), r${g}, ${sum});`;
})}
    }
${float16 ? each(({ name }) => `    sum${name} += ${sumType}(half${name});`) : ''}
    workgroupBarrier();
  }
${each(({ row, g, name }) => {
  const at = `firstRow + (blockRow + ${row.g * left.step}u) * ${left.vector}u + ${row.e}u`;
  const from = `firstColumn + (blockColumn + ${g * right.step}u) * ${right.vector}u`;
  const parts = range(right.vector).map(
    (e) => `bounded_store(${at}, ${from} + ${e}u, ${right.part(`sum${name}`, e)}, rowCount, phase, part);`,
  );
  return `  ${parts.join('\n  ')}`;
})}
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
}

const invocations = ({ rows, columns, height, width }: Tile) => (rows / height) * (columns / width);

/** Writes the kernel of a product; without `tile`, with the one that should be the fastest. */
export function product(spec: ProductSpec, tile?: Tile): Product {
  const { name, buffers, m, n, k, phases = 1, splittable = false, float16 = false } = spec;
  const size = { m, n, k, phases, splittable };
  const chosen = tile ?? chooseTile(size);
  const { rows, columns, direct = false } = chosen;
  const parts = chooseParts(size, chosen);
  const code = (direct ? directCode : tiledCode)(spec, chosen, parts);
  const operands = spec.operands ?? (m * k + k * n) * phases;
  const cost = { operations: 2 * (spec.pairs ?? m * n * k * phases), words: operands + m * n * phases * parts };
  const kernel = { name, buffers, code, cost, workgroup: invocations(chosen), float16: float16 && !direct };
  return { kernel, groups: [Math.ceil(n / columns), Math.ceil(m / rows), parts * phases], parts };
}
