import { fixed } from '../words.js';

/** Mean and sample standard deviation over runs. */
interface Statistics {
  readonly mean: number;
  /** NaN for fewer than two runs. */
  readonly deviation: number;
  readonly runs: number;
}

/** Statistics of the values that are numbers. */
export function statistics(values: readonly number[]): Statistics {
  const found = values.filter(Number.isFinite);
  const runs = found.length;
  const mean = found.reduce((sum, value) => sum + value, 0) / runs;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: runs < 2 ? Number.NaN : Math.sqrt(squares / (runs - 1)), runs };
}

/** E.g. `0.826 ± 0.005`; without a deviation the mean alone, without a mean a dash. */
export function formatStatistics({ mean, deviation }: { mean: number; deviation: number }, digits = 3): string {
  if (!Number.isFinite(mean)) return '–';
  // Small numbers below 0 are written 0.000, not -0.000.
  const text = fixed(mean, digits);
  return Number.isFinite(deviation) ? `${text} ± ${deviation.toFixed(digits)}` : text;
}
