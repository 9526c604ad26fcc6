// Times products of the shapes that trainings have, on every variant that this machine has: `pnpm --filter @nem/kernels bench [seconds per shape]`.
// Time is that of the processor, not of the clock, and the best of many runs counts: other programs disturb it less.
import { cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { loadWasm, pack, product, productOnce, wasmVariants } from '../dist/index.js';
import { loadNative } from '../dist/native.js';

const seconds = Number(process.argv[2] ?? 1);

const strided = (offset, columns) => ({ offset, row: columns, column: 1 });
const patches = {
  kernel: 4,
  stride: 2,
  padTop: 1,
  padLeft: 1,
  height: 28,
  width: 28,
  channels: 64,
  outHeight: 14,
  outWidth: 14,
};

const shapes = [
  { name: '192 × 3136 × 512', m: 192, k: 3136, n: 512 },
  { name: '256 × 1034 × 250', m: 256, k: 1034, n: 250 },
  { name: '256 × 784 × 250', m: 256, k: 784, n: 250 },
  { name: '3840 × 512 × 3136', m: 3840, k: 512, n: 3136 },
  { name: '3136 × 3840 × 512, Aᵀ', m: 3136, k: 3840, n: 512, once: true },
  { name: '784 × 5120 × 250, Aᵀ', m: 784, k: 5120, n: 250, once: true },
  { name: 'patches 4 × 4 / 2, 64 → 128', m: 16 * 196, k: 1024, n: 128, patches },
];

/** An arena with the shape's operands, and two programs: the packing, and the product. */
function prepare(kernels, { m, k, n, once, patches: images }, precision) {
  let floats = 0;
  const take = (count) => {
    const offset = floats;
    floats = Math.ceil((floats + count) / 16) * 16;
    return offset;
  };
  const left = take(images ? 16 * 28 * 28 * 64 : m * k);
  const right = take(k * n);
  const c = { offset: take(m * n), row: n };
  const packed = take(kernels.packedFloats(k, n, precision));
  const workspace = take(kernels.workspaceFloats);
  const common = { precision, workspace };
  const b = strided(right, n);
  const a = images ? { offset: left, ...images } : once ? { offset: left, row: 1, column: m } : strided(left, k);
  const first = once ? [] : pack({ k, n, b, packed, ...common });
  const second = once ? productOnce({ m, n, k, a, b, c, ...common }) : product({ m, n, k, a, packed, c, ...common });
  const arena = kernels.createArena(floats, [Int32Array.from(first), Int32Array.from(second)]);
  for (let i = 0; i < floats; i++) arena.floats[i] = ((i * 7919) % 257) / 257 - 0.5;
  arena.run(0);
  return arena;
}

function best(run) {
  let least = Number.POSITIVE_INFINITY;
  const start = performance.now();
  for (let count = 0; count < 3 || performance.now() - start < seconds * 1000; count++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least * 1e-6;
}

function allKernels() {
  if (Number.parseInt(process.versions.node, 10) < 21) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const native = loadNative();
  if ('reason' in native) console.log(`No native kernels: ${native.reason}`);
  const natives = 'reason' in native ? [] : native.available.map((name) => loadNative(name).kernels);
  return [...wasmVariants.map((name) => loadWasm(name)), ...natives];
}

const columns = allKernels().flatMap((kernels) => kernels.precisions.map((precision) => ({ kernels, precision })));
const titles = columns.map(
  ({ kernels, precision }) => kernels.variant + (precision === 'bfloat16' ? ' (bfloat16)' : ''),
);
console.log(`GFLOP/s on one core of ${cpus()[0].model}\n`);
console.log(`| product | ${titles.join(' | ')} |\n| --- |${' ---: |'.repeat(titles.length)}`);
for (const shape of shapes) {
  const rates = columns.map(({ kernels, precision }) => {
    const arena = prepare(kernels, shape, precision);
    const rate = (2 * shape.m * shape.n * shape.k) / best(() => arena.run(1));
    return (rate * 1e-9).toFixed(0);
  });
  console.log(`| ${shape.name} | ${rates.join(' | ')} |`);
}
