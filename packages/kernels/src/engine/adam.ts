import { type AdamOptions, adamRates, resolveAdam } from '@nem/core';
import { encode, type View } from '../instructions/instruction.js';
import { ADAM_FACTORS, adam, columnSums } from '../instructions/sums.js';
import type { Arena, Kernels } from '../kernels.js';
import { Layout } from './plan/layout.js';
import { arrayAt } from './plans.js';

/** Adam on arrays of its own, all of the same length: write them, update, read them. */
export interface KernelAdam {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** One update in place. @param update its number, from 1 */
  update(update: number): void;
}

/** Arrays elsewhere, all of the same length; the gradient is the sum of all `gradients`, in their order. */
export interface AdamArrays {
  readonly parameters: Float32Array;
  readonly gradients: readonly [Float32Array, ...Float32Array[]];
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/** Updates arrays that lie elsewhere, such as in memory that threads share. @param update its number, from 1 */
export type AdamUpdate = (arrays: AdamArrays, update: number) => void;

/** Lays out what one update of `length` parameters takes; gives the instruction too. */
function layOut(layout: Layout, length: number) {
  const views = {
    parameters: layout.allocate(length),
    gradients: layout.allocate(length),
    m: layout.allocate(length),
    v: layout.allocate(length),
    factors: layout.allocate(2 * ADAM_FACTORS),
  };
  return { ...views, program: Int32Array.from(encode(adam, { count: length, ...views })) };
}

/** Writes what update number `update` multiplies with. */
function writeFactors({ floats }: Arena, { at }: View, update: number, options?: AdamOptions): void {
  const { beta1, beta2, epsilon } = resolveAdam(options);
  const { rate, correction } = adamRates(update, options);
  const byteOffset = floats.byteOffset + at * Float32Array.BYTES_PER_ELEMENT;
  const factors = new Float64Array(floats.buffer, byteOffset, ADAM_FACTORS);
  factors.set([rate, correction, beta1, 1 - beta1, beta2, 1 - beta2, epsilon]);
}

/**
 * Adam of `length` parameters, with the bits of core's `adamUpdate`.
 * @param length at least 1
 */
export function createKernelAdam(kernels: Kernels, length: number, options?: AdamOptions): KernelAdam {
  const layout = new Layout();
  const { program, factors, ...views } = layOut(layout, length);
  const arena = kernels.createArena(layout.floats, [program]);
  return {
    parameters: arrayAt(arena, views.parameters),
    gradients: arrayAt(arena, views.gradients),
    m: arrayAt(arena, views.m),
    v: arrayAt(arena, views.v),
    update(update) {
      writeFactors(arena, factors, update, options);
      arena.run(0);
    },
  };
}

/** Parameters at a time: few enough for all arrays of an update to stay in the second-level cache. */
const CHUNK = 16_384;

/** Adam on arrays elsewhere, a chunk at a time, with the bits of core's `adamUpdate`. */
export function createAdamUpdate(kernels: Kernels, options?: AdamOptions): AdamUpdate {
  const layout = new Layout();
  const { program, factors, ...views } = layOut(layout, CHUNK);
  const other = layout.allocate(CHUNK);
  const add = Int32Array.from(encode(columnSums, { rows: 1, columns: CHUNK, x: other, out: views.gradients }));
  const arena = kernels.createArena(layout.floats, [program, add]);
  const gradient = arrayAt(arena, views.gradients);
  const further = arrayAt(arena, other);
  const names = ['parameters', 'm', 'v'] as const;
  const places = names.map((name) => [name, arrayAt(arena, views[name])] as const);
  return ({ gradients: [first, ...others], ...arrays }, update) => {
    writeFactors(arena, factors, update, options);
    for (let from = 0; from < first.length; from += CHUNK) {
      const part = (values: Float32Array) => values.subarray(from, from + CHUNK);
      gradient.set(part(first));
      for (const values of others) {
        further.set(part(values));
        arena.run(1);
      }
      for (const [name, place] of places) place.set(part(arrays[name]));
      arena.run(0);
      for (const [name, place] of places) part(arrays[name]).set(place.subarray(0, first.length - from));
    }
  };
}
