/** A tile of a product: `rows` × `columns` outputs for each workgroup, in blocks of `height` × `width` for each invocation. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** 1, 2 or a multiple of 4: workgroup memory is read in vectors. So is `width`. */
  readonly height: number;
  readonly width: number;
  /** Elements of the inner dimension held at a time. */
  readonly depth: number;
  /** Whether each invocation reads its operands itself, for one output. Default false. */
  readonly direct?: boolean;
}

/** What the choice of a tile depends on; `phases` products of [m, k] × [k, n]. */
export interface ProductSize {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly phases: number;
  readonly splittable: boolean;
}

/** For products so small that starting up counts for more than arithmetic: nothing passes through workgroup memory. */
const SMALL: Tile = { rows: 16, columns: 16, height: 1, width: 1, depth: 16, direct: true };

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
  { rows: 256, columns: 1, height: 1, width: 1, depth: 8 },
  { rows: 1, columns: 256, height: 1, width: 1, depth: 8 },
  SMALL,
];

const SMALL_OUTPUTS = 1 << 14;
const SMALL_PRODUCTS = 1 << 20;

/** Workgroups that keep a large card busy. */
const BUSY = 128;
/** Most elements of the partial products of one split product. */
const MOST_PARTIALS = 1 << 24;

const count = ({ m, n, phases }: ProductSize, { rows, columns }: Tile) =>
  Math.ceil(m / rows) * Math.ceil(n / columns) * phases;

/** Time with `tile`, in arbitrary units: padded work, more for tiles that load much for what they compute. */
function cost(size: ProductSize, tile: Tile): number {
  const tiles = count(size, tile);
  const rounds = size.splittable ? tiles / BUSY : Math.ceil(tiles / BUSY);
  const { rows, columns, height, width } = tile;
  const loads = 1 + 1.5 * (1 / height + 1 / width) + 4 * (1 / rows + 1 / columns);
  return rounds * rows * columns * loads;
}

/** The tile for a product. */
export function chooseTile(size: ProductSize): Tile {
  const { m, n, k, phases } = size;
  const outputs = m * n * phases;
  if ((outputs <= SMALL_OUTPUTS || outputs * k <= SMALL_PRODUCTS) && n > 1 && m > 1) return SMALL;
  return TILES.filter(({ direct }) => !direct).reduce((best, next) =>
    cost(size, next) < cost(size, best) ? next : best,
  );
}

/** Into how many parts a product is cut along k. */
export function chooseParts(size: ProductSize, tile: Tile): number {
  if (!size.splittable) return 1;
  const { m, n, k, phases } = size;
  const wanted = Math.ceil((2 * BUSY) / count(size, tile));
  const worthwhile = Math.ceil(k / (16 * tile.depth));
  const fitting = Math.floor(MOST_PARTIALS / (m * n * phases));
  return Math.max(1, Math.min(wanted, worthwhile, fitting));
}
