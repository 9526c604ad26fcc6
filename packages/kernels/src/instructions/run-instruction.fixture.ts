import type { Kernels } from '../kernels.js';
import { encode, type Instruction, type Kinds, type Values, type View } from './instruction.js';

/** The fields of an instruction, with arrays in place of views. */
type Given<K extends Kinds> = {
  readonly [F in keyof Values<K>]: Values<K>[F] extends View
    ? Float32Array
    : Values<K>[F] extends View | undefined
      ? Float32Array | undefined
      : number;
};

/** Floats before, between and after the arrays, which no instruction may touch. */
const GUARD = 5;
const GUARD_VALUE = 12345;

/**
 * Runs one instruction; gives its arrays afterwards. The same array in two fields is one array.
 * @throws Error where a float beside the arrays has changed
 */
export function runInstruction<K extends Kinds>(kernels: Kernels, of: Instruction<K>, given: Given<K>) {
  const arrays = [...new Set(Object.values(given).filter((value) => (value as unknown) instanceof Float32Array))];
  const views = new Map<unknown, View>();
  let end = GUARD;
  for (const array of arrays as Float32Array[]) {
    views.set(array, { at: end, length: array.length });
    end += array.length + GUARD;
  }
  const values = Object.fromEntries(Object.entries(given).map(([field, value]) => [field, views.get(value) ?? value]));
  const arena = kernels.createArena(end, [Int32Array.from(encode(of, values as Values<K>))]);
  arena.floats.fill(GUARD_VALUE);
  for (const [array, { at }] of views) arena.floats.set(array as Float32Array, at);
  arena.run(0);
  const isInside = (i: number) => [...views.values()].some(({ at, length }) => i >= at && i < at + length);
  const touched = arena.floats.findIndex((value, i) => value !== GUARD_VALUE && !isInside(i));
  if (touched >= 0) throw new Error(`${of.name} has written beside its arrays`);
  return (array: Float32Array): Float32Array => {
    const { at, length } = views.get(array)!;
    return arena.floats.slice(at, at + length);
  };
}
