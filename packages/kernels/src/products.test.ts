import { expect, it } from 'vitest';
import { loadNative } from './native.js';
import { pack, product } from './operations.js';
import { loadWasm } from './wasm.js';

it('multiplies', () => {
  const native = loadNative();
  if ('reason' in native) throw new Error(native.reason);
  for (const kernels of [loadWasm('simd'), native.kernels]) {
    const [m, n, k] = [3, 5, 7];
    const work = 2000;
    const program = Int32Array.from([
      ...pack({ k, n, b: { offset: 100, row: n, column: 1 }, precision: 'float32', packed: 200, workspace: work }),
      ...product({
        m,
        n,
        k,
        a: { offset: 0, row: k, column: 1 },
        packed: 200,
        c: { offset: 1000, row: n },
        precision: 'float32',
        workspace: work,
      }),
    ]);
    const arena = kernels.createArena(work + kernels.workspaceFloats, [program]);
    arena.floats.set(
      Array.from({ length: m * k }, (_, i) => i % 4),
      0,
    );
    arena.floats.set(
      Array.from({ length: k * n }, (_, i) => i % 3),
      100,
    );
    arena.run(0);
    const a = (i: number, p: number) => (i * k + p) % 4;
    const b = (p: number, j: number) => (p * n + j) % 3;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a(i, p) * b(p, j);
        expect(arena.floats[1000 + i * n + j]).toBe(sum);
      }
  }
});
