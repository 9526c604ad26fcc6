import { relativeError } from '@nem/core';
import { deriveKey, fillUniform } from '@nem/random';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dawnAdapter, lavapipeAdapter, nullAdapter } from '../dawn.fixture.js';
import { requestDevice } from '../device.js';
import { Pipelines } from '../plan/pipelines.js';
import { Program } from '../plan/program.js';
import { elementAt } from '../required.js';
import { launch, planOf } from './kernel.fixture.js';
import { reading } from './operand.js';
import { type ProductSpec, product } from './product.js';
import { choose, TILES, type Tile } from './tile.js';

const adapter = await dawnAdapter();
const half = await lavapipeAdapter();
const name = ({ rows, columns, height, width, direct, slices }: Tile) =>
  `${rows} × ${columns} by ${height} × ${width}${direct ? ', read directly' : ''}${slices ? ` in ${slices} slices` : ''}`;
/** The tile of products with one column. */
const { tile: column } = choose({ m: 1000, n: 1, k: 1000, phases: 1, mostParts: 1 });

/** How a product is tried: by the number of its tile, which every other time reads transposed operands. */
interface Trial {
  readonly tile: Tile;
  readonly i: number;
  readonly float16?: boolean;
  /** Whether operands are read four elements at a time. */
  readonly vector?: boolean;
}

/**
 * Sizes that no tile divides; where operands are vectors, four divides them. In half precision the inner dimension is long: Mesa
 * unrolls a loop of up to 32 turns, which takes several times as long to compile.
 */
function sizesOf({ tile: { rows, columns, depth }, vector = false, float16 }: Trial): [number, number, number] {
  const inner = (float16 ? 33 : 2) * depth;
  return vector ? [rows + 4, 4 * Math.ceil((columns + 3) / 4), inner + 4] : [rows + 5, columns + 3, inner + 5];
}

const alongInner = (i: number) => ({ left: i % 2 === 0, right: Math.floor(i / 2) % 2 === 1 });

function specOf(trial: Trial): ProductSpec<'a' | 'b' | 'out'> {
  const { i, float16, vector = false } = trial;
  const [m, n, k] = sizesOf(trial);
  const along = alongInner(i);
  const leftAt = along.left ? `row * ${k}u + inner` : `inner * ${m}u + row`;
  const rightAt = along.right ? `column * ${k}u + inner` : `inner * ${n}u + column`;
  return {
    name: 'product',
    bindings: { a: reading(vector), b: reading(vector), out: 'read_write' },
    m,
    n,
    k,
    float16,
    left: { alongInner: along.left, vector, body: ({ suffix }) => `return a${suffix}(${leftAt});` },
    right: { alongInner: along.right, vector, body: ({ suffix }) => `return b${suffix}(${rightAt});` },
    result: { bindings: ['out'], vector, body: ({ suffix }) => `set_out${suffix}(row * ${n}u + column, value);` },
  };
}

/** A launch of a product, its operands uniform in [-0.5, 0.5). */
function launchOf(trial: Trial) {
  const spec = specOf(trial);
  const { kernel, groups } = product(spec, { tile: trial.tile, parts: 1 });
  const [m, n, k] = sizesOf(trial);
  const operand = (j: number, count: number) =>
    fillUniform(deriveKey(trial.i, 'operands', j), new Float32Array(count)).map((x) => x - 0.5);
  const buffers = { a: operand(0, m * k), b: operand(1, k * n), out: new Float32Array(m * n) };
  return { spec, kernel, launching: { groups }, buffers };
}

function expected({ m, n, k, left, right }: ReturnType<typeof specOf>, a: Float32Array, b: Float32Array) {
  return Float64Array.from({ length: m * n }, (_, i) => {
    const [row, column] = [Math.floor(i / n), i % n];
    let sum = 0;
    for (let d = 0; d < k; d++) {
      const x = elementAt(a, left.alongInner ? row * k + d : d * m + row);
      sum += x * elementAt(b, right.alongInner ? column * k + d : d * n + column);
    }
    return sum;
  });
}

/** Relative error of a product on a device. */
async function errorOn(device: GPUDevice, trial: Trial): Promise<number> {
  const { spec, ...launched } = launchOf(trial);
  const { out } = await launch(device, launched);
  return relativeError(out, expected(spec, launched.buffers.a, launched.buffers.b));
}

const tiles = TILES.map((tile, i) => [name(tile), tile, i] as const);

describe.skipIf(!adapter)('a product on Dawn (needs a Vulkan driver)', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await requestDevice(adapter as GPUAdapter);
  });
  afterAll(() => device?.destroy());

  it.each(tiles)('by tiles of %s', async (_, tile, i) => {
    expect(await errorOn(device, { tile: { ...tile, ahead: false }, i })).toBeLessThan(1e-6);
    expect(await errorOn(device, { tile, i, vector: true })).toBeLessThan(1e-6);
  });

  it.each([
    ['inner dimension', 'columns', 0],
    ['rows', 'columns', 1],
    ['inner dimension', 'inner dimension', 2],
    ['rows', 'inner dimension', 3],
  ])('in slices, where the left side lies in memory along the %s and the right side along the %s', async (_, __, i) => {
    expect(column.slices).toBeGreaterThan(1);
    expect(await errorOn(device, { tile: column, i })).toBeLessThan(1e-6);
    expect(await errorOn(device, { tile: column, i, vector: true })).toBeLessThan(1e-6);
  });
});

describe.skipIf(!half)(
  "a product in half precision on Mesa's lavapipe (needs mesa-vulkan-drivers, 25 or later)",
  () => {
    let device: GPUDevice;
    beforeAll(async () => {
      device = await requestDevice(half as GPUAdapter);
    });
    afterAll(() => device?.destroy());

    it.each(tiles)('by tiles of %s', async (_, tile, i) => {
      const error = await errorOn(device, { tile, i, float16: true, vector: i % 8 > 3 });
      // Half precision has 11 bits: operands are rounded by 2⁻¹² of themselves at most, sums of 16 products a few times.
      expect(error).toBeLessThan(1e-3);
      if (!tile.direct) expect(error).toBeGreaterThan(1e-5);
    });
  },
);

describe('a product in half precision', () => {
  it('compiles for every tile, as the null device checks', async () => {
    const device = await requestDevice(await nullAdapter());
    expect(device.features.has('shader-f16')).toBe(true);
    for (const [i, tile] of TILES.entries()) {
      for (const vector of [false, true]) {
        const { builder } = planOf(launchOf({ tile, i, float16: true, vector }));
        const program = await Program.create(device, builder, new Map(), new Pipelines(device, false));
        expect(program.launches(['forward'])).toBe(1);
        program.destroy();
      }
    }
    device.destroy();
  });
});

it('large products take register blocks, tiny ones read their operands directly', () => {
  const size = { phases: 1, mostParts: 1 };
  expect(choose({ ...size, m: 20_000, n: 512, k: 512 }).tile).toMatchObject({ height: 8, width: 8 });
  expect(choose({ ...size, m: 24, n: 24, k: 512 }).tile.direct).toBe(true);
  expect(choose({ ...size, m: 16, n: 32, k: 37_632 }).tile.direct).toBeUndefined();
  expect(choose({ ...size, m: 100_000, n: 1, k: 288 }).tile).toMatchObject({ columns: 1 });
});

it('a product is cut if its outputs are few and its inner dimension is long, and into no more parts than are allowed', () => {
  const few = { m: 192, n: 512, k: 3136, phases: 1 };
  expect(choose({ ...few, mostParts: 1 }).parts).toBe(1);
  expect(choose({ ...few, mostParts: 8 }).parts).toBeGreaterThan(4);
  expect(choose({ m: 192, n: 3136, k: 100, phases: 1, mostParts: 8 }).parts).toBe(1);
  fc.assert(
    fc.property(fc.nat(3000), fc.nat(3000), fc.nat(5000), fc.integer({ min: 1, max: 9 }), (m, n, k, mostParts) => {
      const { tile, parts } = choose({ m: m + 1, n: n + 1, k: k + 1, phases: 1, mostParts });
      expect(parts).toBeGreaterThanOrEqual(1);
      expect(parts).toBeLessThanOrEqual(mostParts);
      // Each part but the last has whole tiles.
      expect((parts - 1) * Math.ceil((k + 1) / parts / tile.depth) * tile.depth).toBeLessThan(k + 1);
    }),
  );
});
