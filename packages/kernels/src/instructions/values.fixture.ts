import { activationFunctions, numbers, relativeError } from '@nem/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { activationNumber } from '../engine/lower/activation-numbers.js';

/** Sizes around those of vectors. */
export const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(15, 16, 17, 31, 32, 33, 50));

/** An activation with its number in the kernels. */
export const activation = fc
  .constantFrom(...(['linear', 'sigmoid', 'tanh', 'relu', 'elu'] as const))
  .map((name) => ({ name, number: activationNumber[name] }));

export type NamedActivation = { readonly name: keyof typeof activationNumber; readonly number: number };

/** The activation's value and its derivative as a function of the value. */
export const activated = ({ name }: NamedActivation, x: number): number => activationFunctions[name].value(numbers, x);
export const slopeOf = ({ name }: NamedActivation, y: number): number =>
  activationFunctions[name].slope?.(numbers, y) ?? 1;

/** A number generator of a seed, from `low` to `high`. */
export function drawer(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return (length: number, low = -2, high = 2): Float32Array =>
    Float32Array.from({ length }, () => low + (high - low) * next());
}

export const seed = fc.integer({ min: 0, max: 2 ** 31 });

/** Expects arrays that are equal but for float32's rounding. */
export function expectClose(ours: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 3e-6): void {
  expect(relativeError(ours, expected)).toBeLessThan(tolerance);
}
