/** Mean and quartiles of the values that are numbers. All are NaN where none is. */
export interface Spread {
  readonly mean: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
}

/** The quantile of sorted values, interpolated linearly between the two that enclose it, as NumPy and R have it. */
function quantile(sorted: Float64Array, probability: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (position - below) * (above - sorted[below]!);
}

/** Mean of the values that are numbers; NaN where none is. */
export function mean(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** Mean and quartiles; a NaN, e.g. the score of an input without a scored pixel, does not count. */
export function spread(values: Float64Array): Spread {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return {
    mean: mean(sorted),
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
  };
}
