/** A number with so many decimals; what rounds to zero has no sign. */
export const fixed = (value: number, decimals: number): string =>
  value.toFixed(decimals).replace(/^-(?=0(\.0*)?$)/, '');

/**
 * A number of things, e.g. `1 update` or `2 updates`.
 * @param noun in the singular; its plural ends in s
 */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** A text that begins with a capital letter. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Whole numbers that rise, as a list of ranges, e.g. `0-3,7`. */
export function numberRanges(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range && range[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
