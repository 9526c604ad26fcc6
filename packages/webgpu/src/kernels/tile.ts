/** A tile of a product: `rows` × `columns` outputs for each workgroup, in blocks of `height` × `width` for each invocation. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** 1, 2 or a multiple of 4: workgroup memory is read in vectors. So is `width`. */
  readonly height: number;
  readonly width: number;
  /** Elements of the inner dimension held at a time. */
  readonly depth: number;
  /** Whether the next elements are fetched while the present ones are multiplied. Default true. */
  readonly ahead?: boolean;
  /** Whether each invocation reads its operands itself, for one output. Default false. */
  readonly direct?: boolean;
  /** Into how many sums, each by an invocation of its own that reads its operands itself, an output is divided. Default 1. */
  readonly slices?: number;
}

/** What the choice of a tile depends on; `phases` products of [m, k] × [k, n]. */
export interface ProductSize {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly phases: number;
  /** Into how many parts it may be cut along k. */
  readonly mostParts: number;
}

/** A tile, and into how many parts along k the product is cut. */
export interface Choice {
  readonly tile: Tile;
  readonly parts: number;
}

/** For products so small that their start takes longer than their arithmetic: nothing passes through workgroup memory. */
const SMALL: Tile = { rows: 16, columns: 16, height: 1, width: 1, depth: 16, direct: true };

/**
 * For products with one column, where no element of the left side serves two outputs: it is read once, by neighbouring invocations in the
 * order of memory.
 */
const COLUMN: Tile = { rows: 32, columns: 1, height: 1, width: 1, depth: 32, direct: true, slices: 8 };

/** Tiles to choose from. */
export const TILES: readonly Tile[] = [
  { rows: 128, columns: 128, height: 8, width: 8, depth: 8 },
  { rows: 128, columns: 64, height: 8, width: 4, depth: 16 },
  { rows: 64, columns: 64, height: 4, width: 4, depth: 16 },
  { rows: 32, columns: 32, height: 2, width: 2, depth: 16 },
  { rows: 128, columns: 32, height: 4, width: 4, depth: 16 },
  { rows: 32, columns: 128, height: 4, width: 4, depth: 16 },
  { rows: 16, columns: 64, height: 2, width: 2, depth: 16 },
  { rows: 64, columns: 16, height: 2, width: 2, depth: 16 },
  { rows: 16, columns: 16, height: 1, width: 1, depth: 16 },
  { rows: 1, columns: 256, height: 1, width: 1, depth: 8 },
  SMALL,
  COLUMN,
];

const SMALL_OUTPUTS = 1 << 14;
const SMALL_PRODUCTS = 1 << 20;
/** Few outputs with longer sums than this go through workgroup memory after all: there each operand is read only once for a tile. */
const SMALL_INNER = 1 << 12;

/** Workgroups that keep a large card busy. */
const BUSY = 128;
/** Multiply-adds of a busy workgroup in a cycle. */
const RATE = 128;
/** Cycles until a tile's elements have come. */
const LATENCY = 400;
/** Elements of partial products that a card writes and reads in a cycle. */
const PARTIALS_RATE = 200;
/** Most elements of the partial products of one cut product. */
const MOST_PARTIALS = 1 << 24;
/** Least tiles along k of a part. */
const LEAST_TILES = 16;

const count = ({ m, n, phases }: ProductSize, { rows, columns }: Tile) =>
  Math.ceil(m / rows) * Math.ceil(n / columns) * phases;

/** Roughly the cycles of a product: padded work, more for tiles that load much for what they compute. */
function cost(size: ProductSize, { tile, parts }: Choice): number {
  const { m, n, k, phases } = size;
  const { rows, columns, height, width, depth } = tile;
  const loads = 1 + 3 * (1 / height + 1 / width) + 4 * (1 / rows + 1 / columns);
  const turn = (rows * columns * depth * loads) / RATE;
  const together = Math.ceil((count(size, tile) * parts) / BUSY);
  const partials = parts === 1 ? 0 : parts * m * n * phases;
  // Workgroups that share a part of the card compute while others wait.
  return Math.ceil(k / parts / depth) * Math.max(together * turn, turn + LATENCY) + partials / PARTIALS_RATE;
}

/** Workgroups that a processor of a large card computes in turns, while others wait: by the registers that an invocation's block takes. */
function workgroupsHeld({ height, width }: Tile): number {
  const outputs = height * width;
  return outputs === 1 ? 8 : outputs <= 16 ? 4 : 2;
}

/** Into how many parts a product is cut along k, so that they keep a large card busy. */
function chooseParts(size: ProductSize, tile: Tile): number {
  const { m, n, k, phases, mostParts } = size;
  const wanted = Math.ceil((workgroupsHeld(tile) * BUSY) / count(size, tile));
  const worthwhile = Math.ceil(k / (LEAST_TILES * tile.depth));
  const fitting = Math.floor(MOST_PARTIALS / (m * n * phases));
  return Math.max(1, Math.min(wanted, worthwhile, fitting, mostParts));
}

/** How a product is computed. */
export function choose(size: ProductSize): Choice {
  const { m, n, k, phases } = size;
  if (n === 1) return { tile: COLUMN, parts: chooseParts(size, COLUMN) };
  const outputs = m * n * phases;
  const small = outputs * k <= SMALL_PRODUCTS || (outputs <= SMALL_OUTPUTS && k <= SMALL_INNER);
  if (small && m > 1) {
    return { tile: SMALL, parts: chooseParts(size, SMALL) };
  }
  return TILES.filter(({ direct }) => !direct)
    .flatMap((tile) => [1, chooseParts(size, tile)].map((parts) => ({ tile, parts })))
    .reduce((best, next) => (cost(size, next) < cost(size, best) ? next : best));
}
