import type { ContingencyTable } from './contingency-table.js';

/** Σ counts² of the first `length` entries: exact up to 2^53. */
function sumOfSquares(counts: Int32Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += counts[i]! * counts[i]!;
  return sum;
}

/** Ordered pairs of different samples that share both their class and their cluster. */
export function pairsTogether(table: ContingencyTable): number {
  return sumOfSquares(table.cellCount, table.cells) - table.total;
}

/** Ordered pairs of different samples that share their class. */
export function pairsInRows(table: ContingencyTable): number {
  return sumOfSquares(table.rowSums, table.rows) - table.total;
}

/** Ordered pairs of different samples that share their cluster. */
export function pairsInColumns(table: ContingencyTable): number {
  return sumOfSquares(table.columnSums, table.columns) - table.total;
}

/** Ordered pairs of different samples. */
export function allPairs(table: ContingencyTable): number {
  return table.total * (table.total - 1);
}
