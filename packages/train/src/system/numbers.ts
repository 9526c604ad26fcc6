import * as v from 'valibot';
import { option, UsageError } from '../errors.js';

type NumberSchema = v.GenericSchema<unknown, number>;

/** A finite number, as JSON has them. */
export const finite: NumberSchema = v.pipe(v.number(), v.finite());

/** An integer of at least `least`, and at most `most`, by default the largest that a double counts without gaps. */
export const integer = (least: number, most: number = Number.MAX_SAFE_INTEGER): NumberSchema =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** A finite number above 0, and at most `most`, by default the largest there is. */
export const positive = (most: number = Number.MAX_VALUE): NumberSchema =>
  v.pipe(finite, v.gtValue(0), v.maxValue(most));

/** A finite number of at least `least`, and at most `most`, by default the largest there is. */
export const atLeast = (least: number, most: number = Number.MAX_VALUE): NumberSchema =>
  v.pipe(finite, v.minValue(least), v.maxValue(most));

/** Numbers that a program may give, by the words for them. */
const WANTED = {
  'an integer of at least 0': (value) => Number.isSafeInteger(value) && value >= 0,
  'an integer of at least 1': (value) => Number.isSafeInteger(value) && value >= 1,
  'a number of at least 0': (value) => value >= 0,
  'a number above 0': (value) => value > 0,
} as const satisfies Record<string, (value: number) => boolean>;

/** @throws UsageError unless the number of an option is `wanted`, or left out; an infinite one is a number, NaN is none */
export function requireNumber(name: string, value: unknown, wanted: keyof typeof WANTED): void {
  if (value === undefined || (typeof value === 'number' && WANTED[wanted](value))) return;
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  throw new UsageError([option(name), ` is ${shown}`], `give ${wanted}.`);
}
