import { type Access, type Kernel, kernel } from '../plan/kernel.js';

/** A tile of a product: `rows` × `columns` outputs for each workgroup, in blocks of `height` × `width` for each invocation. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly height: number;
  readonly width: number;
  /** Elements of the inner dimension held at a time. */
  readonly depth: number;
}

const TILES: readonly Tile[] = [
  { rows: 64, columns: 64, height: 4, width: 4, depth: 16 },
  { rows: 32, columns: 32, height: 2, width: 2, depth: 16 },
  { rows: 128, columns: 32, height: 4, width: 4, depth: 16 },
  { rows: 32, columns: 128, height: 4, width: 4, depth: 16 },
  { rows: 16, columns: 64, height: 2, width: 2, depth: 16 },
  { rows: 64, columns: 16, height: 2, width: 2, depth: 16 },
  { rows: 16, columns: 16, height: 1, width: 1, depth: 16 },
  { rows: 256, columns: 1, height: 1, width: 1, depth: 8 },
  { rows: 1, columns: 256, height: 1, width: 1, depth: 8 },
];

/** Workgroups that keep a large card busy. */
const BUSY = 128;
/** Most elements of the partial products of one split product. */
const MOST_PARTIALS = 1 << 24;

/** A matrix product [m, k] × [k, n] with its operands and its result as functions of their indices. */
export interface ProductSpec {
  readonly name: string;
  readonly buffers: Readonly<Record<string, Access>>;
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
}

/** A product's kernel, its grid and into how many parts it is cut. */
export interface Product {
  readonly kernel: Kernel;
  readonly groups: [number, number, number];
  readonly parts: number;
}

/** Time of a product with `tile`, in arbitrary units: padded work, more for tiles that load much for what they compute. */
function cost({ m, n, phases = 1 }: ProductSpec, tile: Tile, splittable: boolean): number {
  const tiles = Math.ceil(m / tile.rows) * Math.ceil(n / tile.columns) * phases;
  const rounds = splittable ? tiles / BUSY : Math.ceil(tiles / BUSY);
  const { rows, columns, height, width } = tile;
  const loads = 1 + 1.5 * (1 / height + 1 / width) + 4 * (1 / rows + 1 / columns);
  return rounds * rows * columns * loads;
}

function parts(spec: ProductSpec, tile: Tile): number {
  if (!spec.splittable) return 1;
  const tiles = Math.ceil(spec.m / tile.rows) * Math.ceil(spec.n / tile.columns) * (spec.phases ?? 1);
  const wanted = Math.ceil((2 * BUSY) / tiles);
  const worthwhile = Math.ceil(spec.k / (16 * tile.depth));
  const fitting = Math.max(1, Math.floor(MOST_PARTIALS / (spec.m * spec.n * (spec.phases ?? 1))));
  return Math.max(1, Math.min(wanted, worthwhile, fitting));
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Loads a tile into workgroup memory, in the order of the operand's memory. */
function loads(tile: Tile, lanes: number, spec: ProductSpec): string {
  const { rows, columns, depth } = tile;
  const loop = (count: number, body: string) => `for (var i = lane; i < ${count}u; i += ${lanes}u) {\n${body}\n}`;
  const [row, inner] = spec.leftAlongInner ? [`i / ${depth}u`, `i % ${depth}u`] : [`i % ${rows}u`, `i / ${rows}u`];
  const [column, rightInner] = spec.rightAlongColumns
    ? [`i % ${columns}u`, `i / ${columns}u`]
    : [`i / ${depth}u`, `i % ${depth}u`];
  return `${loop(
    rows * depth,
    `let r = ${row}; let d = ${inner}; var value = 0.0;
if (firstRow + r < rowCount && start + d < end) { value = left(firstRow + r, start + d, phase); }
leftTile[d * ${rows + 1}u + r] = value;`,
  )}
${loop(
  columns * depth,
  `let c = ${column}; let d = ${rightInner}; var value = 0.0;
if (firstColumn + c < ${spec.n}u && start + d < end) { value = right(start + d, firstColumn + c, phase); }
rightTile[d * ${columns + 1}u + c] = value;`,
)}`;
}

/** The kernel of a product with register blocking: each invocation keeps `height` × `width` sums. */
function productKernel(spec: ProductSpec, tile: Tile, splits: number): Kernel {
  const { rows, columns, height, width, depth } = tile;
  const across = columns / width;
  const lanes = across * (rows / height);
  const block = range(height).flatMap((i) => range(width).map((j) => [i, j] as const));
  const chunk = Math.ceil(spec.k / splits / depth) * depth;
  const code = `var<workgroup> leftTile: array<f32, ${depth * (rows + 1)}>;
var<workgroup> rightTile: array<f32, ${depth * (columns + 1)}>;
${spec.code}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let part = group.z % ${splits}u;
  let phase = group.z / ${splits}u;
  let rowCount = ${spec.varying ? 'rowsOf(phase)' : `${spec.m}u`};
  let firstRow = group.y * ${rows}u;
  let firstColumn = group.x * ${columns}u;
  if (firstRow >= rowCount) { return; }
  let end = min(${spec.varying ? 'innerOf(phase)' : `${spec.k}u`}, (part + 1u) * ${chunk}u);
  let blockRow = lane / ${across}u;
  let blockColumn = lane % ${across}u;
${block.map(([i, j]) => `  var sum${i}_${j} = 0.0;`).join('\n')}
  for (var start = part * ${chunk}u; start < end; start += ${depth}u) {
${loads(tile, lanes, spec)}
    workgroupBarrier();
    for (var d = 0u; d < ${depth}u; d++) {
${range(height)
  .map((i) => `let l${i} = leftTile[d * ${rows + 1}u + blockRow + ${i * (rows / height)}u];`)
  .join('\n')}
${range(width)
  .map((j) => `let r${j} = rightTile[d * ${columns + 1}u + blockColumn + ${j * across}u];`)
  .join('\n')}
${block.map(([i, j]) => `sum${i}_${j} = fma(l${i}, r${j}, sum${i}_${j});`).join('\n')}
    }
    workgroupBarrier();
  }
${block
  .map(
    ([
      i,
      j,
    ]) => `{ let row = firstRow + blockRow + ${i * (rows / height)}u; let column = firstColumn + blockColumn + ${j * across}u;
  if (row < rowCount && column < ${spec.n}u) { store(row, column, sum${i}_${j}, phase, part); } }`,
  )
  .join('\n')}
}`;
  return kernel(spec.name, spec.buffers, code, lanes);
}

/** For products so small that starting up counts for more than arithmetic; short code, too. */
const SMALL: Tile = { rows: 16, columns: 16, height: 1, width: 1, depth: 16 };
const SMALL_OUTPUTS = 1 << 14;

/** Chooses the tile of a product and writes its kernel. */
export function product(spec: ProductSpec): Product {
  const splittable = spec.splittable ?? false;
  const small = spec.m * spec.n * (spec.phases ?? 1) <= SMALL_OUTPUTS && spec.n > 1 && spec.m > 1;
  const best = TILES.reduce((best, next) =>
    cost(spec, next, splittable) < cost(spec, best, splittable) ? next : best,
  );
  const tile = small ? SMALL : best;
  const count = parts(spec, tile);
  const groups: [number, number, number] = [
    Math.ceil(spec.n / tile.columns),
    Math.ceil(spec.m / tile.rows),
    count * (spec.phases ?? 1),
  ];
  return { kernel: productKernel(spec, tile, count), groups, parts: count };
}
