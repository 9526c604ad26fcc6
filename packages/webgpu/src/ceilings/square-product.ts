import { OutOfMemoryError } from '../errors.js';
import { product } from '../kernels/product.js';
import { TILES, type Tile } from '../kernels/tile.js';
import { PlanBuilder, type Storage } from '../plan/builder.js';
import { Pipelines } from '../plan/pipelines.js';
import { Program } from '../plan/program.js';
import { elementAt } from '../required.js';
import { bestTime } from './best-time.js';
import { fillRandomly } from './random-buffer.js';

/** A variant of the kernel: its tile, and whether it fetches ahead. */
export type ProductForm = Required<Pick<Tile, 'rows' | 'columns' | 'height' | 'width' | 'depth' | 'ahead'>>;

/** One variant of the kernel, and how long a product took with it. */
export interface ProductAttempt extends ProductForm {
  readonly milliseconds: number;
}

/** The fastest product of two square float32 matrices that was measured on a device. */
export interface ProductCeiling {
  /** Rows and columns of each matrix. */
  readonly size: number;
  readonly tile: ProductForm;
  /** Every variant that was tried, the fastest first. */
  readonly attempts: readonly ProductAttempt[];
  /** Multiplications and additions of one product: 2 `size`³. */
  readonly operations: number;
  /** By the device's clock. */
  readonly milliseconds: number;
  readonly operationsPerSecond: number;
}

const SMALLEST = 128;
const LARGEST = 8192;
/** Milliseconds of a product that are long enough to measure. */
const ENOUGH = 4;
/** Products in a row; a run's time is their mean. */
const PRODUCTS = 4;
/** A tile that takes this many times as long as the best one is not tried again. */
const HOPELESS = 2;
/** Fewest rows and columns of a tile for large matrices. */
const LARGE_TILE = 32;

/** The large tiles, which fetch ahead as in plans. */
const candidates = TILES.filter(
  ({ rows, columns, direct }) => !direct && rows >= LARGE_TILE && columns >= LARGE_TILE,
).map((tile) => ({ ...tile, ahead: true }));

/** PRODUCTS launches of one product [size, size] × [size, size], whose operands are stored row by row. */
function squareProducts(size: number, tile: Tile) {
  const builder = new PlanBuilder();
  const matrix = (label: string) => builder.storage(label, size * size);
  const [left, right, out] = [matrix('left'), matrix('right'), matrix('out')];
  const { kernel, groups } = product(
    {
      name: 'product',
      bindings: { a: 'read vec4', b: 'read vec4', out: 'read_write' },
      m: size,
      n: size,
      k: size,
      left: { alongInner: true, vector: true, body: ({ suffix }) => `return a${suffix}(row * ${size}u + inner);` },
      right: { alongInner: false, vector: true, body: ({ suffix }) => `return b${suffix}(inner * ${size}u + column);` },
      result: {
        bindings: ['out'],
        vector: true,
        body: ({ suffix }) => `set_out${suffix}(row * ${size}u + column, value);`,
      },
    },
    { tile, parts: 1 },
  );
  const whole = (storage: Storage) => ({ storage, offset: 0 });
  const views = { a: whole(left), b: whole(right), out: whole(out) };
  for (let i = 0; i < PRODUCTS; i++) builder.dispatch(kernel, views, { groups });
  return { builder, operands: [left, right] };
}

async function time(device: GPUDevice, size: number, tile: Tile, best = Number.POSITIVE_INFINITY): Promise<number> {
  const { builder, operands } = squareProducts(size, tile);
  const program = await Program.create(device, builder, new Map(), Pipelines.of(device, false));
  try {
    for (const storage of operands) fillRandomly(device, program.buffer(storage));
    return await bestTime(async () => {
      const kernels = await program.profile(['forward']);
      return elementAt(kernels, 0).milliseconds / PRODUCTS;
    }, HOPELESS * best);
  } finally {
    program.destroy();
  }
}

function noneWithoutMemory(error: unknown): undefined {
  if (!(error instanceof OutOfMemoryError)) throw error;
}

/** The first tile on the smallest matrices whose product takes long enough to measure, as far as the device's memory allows. */
async function measureSize(device: GPUDevice, form: ProductForm): Promise<{ size: number; milliseconds: number }> {
  const most = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
  const fits = (size: number) => size <= LARGEST && 4 * size * size <= most;
  let size = SMALLEST;
  let milliseconds = await time(device, size, form);
  while (milliseconds < ENOUGH && fits(2 * size)) {
    const larger = await time(device, 2 * size, form).catch(noneWithoutMemory);
    if (larger === undefined) break;
    [size, milliseconds] = [2 * size, larger];
  }
  return { size, milliseconds };
}

/**
 * Measures the fastest of the large tiles that plans use, and what fetching ahead gains with it, on square matrices large enough that a
 * product takes some milliseconds: 128 to 8192 rows, as far as the device's memory allows.
 * @throws ShaderError, OutOfMemoryError
 */
export async function measureProduct(device: GPUDevice): Promise<ProductCeiling> {
  const [first, ...others] = candidates as [ProductForm, ...ProductForm[]];
  const { size, milliseconds: firstMilliseconds } = await measureSize(device, first);
  const attempts: ProductAttempt[] = [{ ...first, milliseconds: firstMilliseconds }];
  const attempt = async (form: ProductForm) => {
    const milliseconds = await time(device, size, form, elementAt(attempts, 0).milliseconds);
    attempts.push({ ...form, milliseconds });
    attempts.sort((a, b) => a.milliseconds - b.milliseconds);
  };
  for (const other of others) await attempt(other);
  // A driver takes longer to compile a variant than to run it: only the fastest one is tried in both ways.
  await attempt({ ...elementAt(attempts, 0), ahead: false });
  const operations = 2 * size ** 3;
  const { milliseconds, ...tile } = elementAt(attempts, 0);
  return {
    size,
    tile,
    attempts,
    operations,
    milliseconds,
    operationsPerSecond: (operations / milliseconds) * 1e3,
  };
}
