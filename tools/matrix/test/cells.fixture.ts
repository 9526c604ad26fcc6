import { expect } from 'vitest';
import { type Cell, tableOf } from '../src/matrix.js';
import type { Column } from '../src/rows.js';

/** Shows the cells, and fails where one has. */
export function expectRuns(columns: readonly Column[], cells: readonly Cell[]): void {
  console.log(tableOf(columns, cells));
  const faults = cells.filter(({ fault }) => fault);
  expect(faults.map(({ row, column, fault }) => `${row.program} by ${column}: ${fault}`)).toEqual([]);
}
