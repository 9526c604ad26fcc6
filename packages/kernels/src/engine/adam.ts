import { type AdamOptions, adamRates, resolveAdam } from '@nem/core';
import { encode } from '../instructions/instruction.js';
import { adam } from '../instructions/sums.js';
import type { Kernels } from '../kernels.js';
import { Layout, part } from './plan/layout.js';

/** Adam on arrays of its own, all of the same length: write them, update, read them. */
export interface KernelAdam {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** One update in place. @param update its number, from 1 */
  update(update: number): void;
}

/**
 * Adam of `length` parameters, in float32, as the kernels compute it.
 * @param length at least 1
 */
export function createKernelAdam(kernels: Kernels, length: number, options?: AdamOptions): KernelAdam {
  const { beta1, beta2, epsilon } = resolveAdam(options);
  const layout = new Layout();
  const views = {
    parameters: layout.allocate(length),
    gradients: layout.allocate(length),
    m: layout.allocate(length),
    v: layout.allocate(length),
    rates: layout.allocate(2),
  };
  const constants = { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon };
  const program = Int32Array.from(encode(adam, { count: length, ...views, ...constants }));
  const arena = kernels.createArena(layout.floats, [program]);
  const array = ({ at }: { at: number }) => arena.floats.subarray(at, at + length);
  const rates = part(views.rates, 0, 2).at;
  return {
    parameters: array(views.parameters),
    gradients: array(views.gradients),
    m: array(views.m),
    v: array(views.v),
    update(update) {
      const { rate, correction } = adamRates(update, options);
      arena.floats.set([rate, correction], rates);
      arena.run(0);
    },
  };
}
