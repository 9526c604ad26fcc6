/**
 * log(x / y) for positive integers, to full relative precision also where x is close to y: there the quotient would
 * round away the digits that matter, while the difference of two integers is exact.
 */
export function logRatio(x: number, y: number): number {
  const difference = x - y;
  return Math.abs(difference) < 0.5 * y ? Math.log1p(difference / y) : Math.log(x / y);
}
