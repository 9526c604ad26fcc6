import type { KernelProfile } from '@nem/core';
import { ArgumentReader } from '../../argument-reader.js';
import { instructions } from '../../instructions/table.js';
import type { Kernels } from '../../kernels.js';
import { operationRanges } from '../../operations.js';

const PRODUCT_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'pack weights'],
  [2, 'product'],
  [3, 'product, both packed'],
]);

/** Floats that an instruction touches, without the scratch memory of products. */
function floatsOf(words: readonly number[], kernels: Kernels): number {
  const ranges = operationRanges[words[0]!]!(new ArgumentReader(Int32Array.from(words.slice(2))), kernels);
  return ranges.filter(({ what }) => what !== 'workspace').reduce((sum, { length }) => sum + length, 0);
}

/** What an instruction is and must do. */
export function describe(words: readonly number[], kernels: Kernels): Omit<KernelProfile, 'launches' | 'milliseconds'> {
  const [opcode, , ...sizes] = words as [number, number, ...number[]];
  const bytes = 4 * floatsOf(words, kernels);
  const product = PRODUCT_NAMES.get(opcode);
  if (product === undefined) {
    const kernel = instructions.get(opcode)?.name ?? `instruction ${opcode}`;
    return { kernel, detail: `${(bytes / 1e3).toFixed(1)} kB`, operations: 0, bytes };
  }
  const [m, n, k] = sizes as [number, number, number];
  if (opcode === 1) return { kernel: product, detail: `${m} × ${n}`, operations: 0, bytes };
  return { kernel: product, detail: `${m} × ${n} × ${k}`, operations: 2 * m * n * k, bytes };
}
