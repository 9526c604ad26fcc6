import * as v from 'valibot';

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
