import type { Arena, Kernels, Precision } from '../kernels.js';
import { pack, product } from '../operations.js';
import { requireKernels } from './require.js';

/** What one core was measured to do at most. */
export interface KernelCeilings {
  readonly copy: {
    /** Read and written. */
    readonly bytesPerSecond: number;
    /** Bytes of each of the two arrays. */
    readonly size: number;
  };
  readonly product: {
    readonly operationsPerSecond: number;
    readonly rows: number;
    readonly columns: number;
    readonly depth: number;
  };
}

/** Larger than the caches of a core. */
const COPY_BYTES = 2 ** 26;

/** A product whose operands stay in a core's second cache while it is computed, with room for the rest. */
const SIZES = { rows: 768, columns: 512, depth: 1024 } as const;

const RUNS = 9;

/** Seconds of the fastest of several runs, after one that does not count. */
function fastest(run: () => void): number {
  run();
  const times = Array.from({ length: RUNS }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  });
  return Math.min(...times) / 1e3;
}

function measureCopy(): KernelCeilings['copy'] {
  const from = new Float32Array(COPY_BYTES / Float32Array.BYTES_PER_ELEMENT).fill(1);
  const to = from.slice();
  return { bytesPerSecond: (2 * COPY_BYTES) / fastest(() => to.set(from)), size: COPY_BYTES };
}

/** An arena whose program 0 packs the right side of a product, and whose program 1 computes it. */
function productArena(kernels: Kernels, precision: Precision): Arena {
  const { rows: m, columns: n, depth: k } = SIZES;
  const [b, packed] = [m * k, m * k + k * n];
  const c = packed + kernels.packedFloats(k, n, precision);
  const workspace = c + m * n;
  const all = { m, n, k, precision, packed, workspace };
  const programs = [
    pack({ ...all, b: { offset: b, row: n, column: 1 } }),
    product({ ...all, a: { offset: 0, row: k, column: 1 }, c: { offset: c, row: n } }),
  ];
  const arena = kernels.createArena(
    workspace + kernels.workspaceFloats,
    programs.map((words) => Int32Array.from(words)),
  );
  arena.floats.fill(1, 0, packed);
  return arena;
}

function measureProduct(kernels: Kernels, precision: Precision): KernelCeilings['product'] {
  const arena = productArena(kernels, precision);
  arena.run(0);
  const operations = 2 * SIZES.rows * SIZES.columns * SIZES.depth;
  return { operationsPerSecond: operations / fastest(() => arena.run(1)), ...SIZES };
}

/**
 * Measures the bandwidth of a copy and the best product of the kernels on one core: each is the best of several runs. It takes about
 * a second and some 150 MB, which it frees.
 * @throws InputError for what is not kernels; KernelsError for a precision that the kernels lack, and if the memory cannot be allocated
 */
export function measureCeilings(kernels: Kernels, precision: Precision): KernelCeilings {
  requireKernels(kernels);
  return { copy: measureCopy(), product: measureProduct(kernels, precision) };
}
