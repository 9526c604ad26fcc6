/** A number with so many decimals; what rounds to zero has no sign. */
export const fixed = (value: number, decimals: number): string =>
  value.toFixed(decimals).replace(/^-(?=0(\.0*)?$)/, '');

/**
 * A number of things, e.g. `1 update` or `2 updates`.
 * @param noun in the singular; its plural ends in s
 */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
