import type { ContingencyTable } from './contingency-table.js';
import type { LabelPair } from './label-pair.js';
import { LabelRanks } from './label-ranks.js';
import { grownFloat64, grownInt32 } from './scratch.js';

/**
 * Groups the samples of two labelings by their pair of labels, where a table of rows × columns would be too large: two
 * counting sorts, whose time and memory grow with samples + rows + columns. Reusable; owns its memory.
 */
export class PairSort {
  readonly trueRanks = new LabelRanks();
  readonly predRanks = new LabelRanks();
  kept: Float64Array = new Float64Array(0);
  /** The column of each sample, samples in ascending order of row, then column. */
  columnsByRow: Int32Array = new Int32Array(0);
  #rowsByColumn: Int32Array = new Int32Array(0);
  #next: Int32Array = new Int32Array(0);

  /** Gathers the true labels of the samples that count. */
  keepTrue(pair: LabelPair, total: number): void {
    this.kept = grownFloat64(this.kept, total);
    const { kept } = this;
    const { labelsTrue, trueStart, length, ignore } = pair;
    let count = 0;
    for (let i = 0; i < length; i++) {
      const label = labelsTrue[trueStart + i]!;
      if (label !== ignore) kept[count++] = label;
    }
  }

  /** Gathers the predicted labels of the samples that count. */
  keepPred(pair: LabelPair, total: number): void {
    this.kept = grownFloat64(this.kept, total);
    const { kept } = this;
    const { labelsTrue, trueStart, labelsPred, predStart, length, ignore } = pair;
    let count = 0;
    for (let i = 0; i < length; i++) {
      if (labelsTrue[trueStart + i] !== ignore) kept[count++] = labelsPred[predStart + i]!;
    }
  }

  /** Sorts the samples by row, then column: two counting sorts, the minor key first. Fills the table's sums. */
  sort(table: ContingencyTable): void {
    const { total, rows, columns, rowSums, columnSums } = table;
    this.columnsByRow = grownInt32(this.columnsByRow, total);
    this.#rowsByColumn = grownInt32(this.#rowsByColumn, total);
    this.#next = grownInt32(this.#next, Math.max(rows, columns));
    const columnsByRow = this.columnsByRow;
    const rowsByColumn = this.#rowsByColumn;
    const next = this.#next;
    const rowOf = this.trueRanks.ranks;
    const columnOf = this.predRanks.ranks;

    countKeys(columnOf, total, columnSums, columns);
    startPositions(columnSums, columns, next);
    for (let i = 0; i < total; i++) rowsByColumn[next[columnOf[i]!]!++] = rowOf[i]!;

    countKeys(rowOf, total, rowSums, rows);
    startPositions(rowSums, rows, next);
    let position = 0;
    for (let c = 0; c < columns; c++) {
      for (let left = columnSums[c]!; left > 0; left--) columnsByRow[next[rowsByColumn[position++]!]!++] = c;
    }
  }
}

function countKeys(keys: Int32Array, length: number, counts: Int32Array, distinct: number): void {
  counts.fill(0, 0, distinct);
  for (let i = 0; i < length; i++) counts[keys[i]!]!++;
}

function startPositions(counts: Int32Array, distinct: number, starts: Int32Array): void {
  let start = 0;
  for (let key = 0; key < distinct; key++) {
    starts[key] = start;
    start += counts[key]!;
  }
}
