import type { ContingencyTable } from './contingency-table.js';
import { DenseCounts } from './dense-counts.js';
import { type LabelPair, type LabelRange, scanLabels } from './label-pair.js';
import { ignoredLabel, type Labels, labelNumbers, type PairOptions, requireSameLength } from './labels.js';
import { requireOptions } from './options.js';
import { PairSort } from './pair-sort.js';
import { grownFloat64, grownInt32 } from './scratch.js';

/**
 * Counts the contingency table of a pair of labelings, and is that table until it counts another pair.
 *
 * Reusable: it owns its memory, and counting another pair of labelings allocates only where that pair needs more.
 * Memory and time grow with the samples and the clusters, never with rows × columns.
 */
export class ContingencyCounter implements ContingencyTable {
  total = 0;
  rows = 0;
  columns = 0;
  cells = 0;
  rowSums: Int32Array = new Int32Array(0);
  columnSums: Int32Array = new Int32Array(0);
  rowLabels: Float64Array = new Float64Array(0);
  columnLabels: Float64Array = new Float64Array(0);
  cellRow: Int32Array = new Int32Array(0);
  cellColumn: Int32Array = new Int32Array(0);
  cellCount: Int32Array = new Int32Array(0);

  readonly #dense = new DenseCounts();
  #denseColumnRank: Int32Array = new Int32Array(0);
  readonly #range: LabelRange = { minTrue: 0, maxTrue: 0, minPred: 0, maxPred: 0, total: 0 };
  #sparse: PairSort | undefined;

  /**
   * Counts the samples of a pair of labelings.
   *
   * @throws MetricInputError for a label that is not an integer, also in a dropped sample
   */
  count(pair: LabelPair): void {
    if (this.#dense.count(pair)) {
      this.#compactDense();
      return;
    }
    const range = this.#range;
    scanLabels(pair, range);
    // A dropped sample may lie in a cluster with a large label, which the dense count does not take.
    if (this.#dense.moveTo(range, 64 + 2 * pair.length) && this.#dense.count(pair)) this.#compactDense();
    else this.#countSparse(pair);
  }

  /** Turns the dense counts, which may have empty rows and columns, into the table. */
  #compactDense(): void {
    const { total, height, width, minTrue, counts } = this.#dense;
    this.total = total;
    this.#allot(Math.min(height, total), Math.min(width, total), Math.min(height * width, total));
    this.#compactColumns();
    const { cellRow, cellColumn, cellCount, rowSums, rowLabels } = this;
    const columnRank = this.#denseColumnRank;
    let rows = 0;
    let cells = 0;
    for (let r = 0; r < height; r++) {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        const count = counts[r * width + c]!;
        if (count === 0) continue;
        sum += count;
        cellRow[cells] = rows;
        cellColumn[cells] = columnRank[c]!;
        cellCount[cells++] = count;
      }
      if (sum === 0) continue;
      rowLabels[rows] = minTrue + r;
      rowSums[rows++] = sum;
    }
    this.rows = rows;
    this.cells = cells;
  }

  #compactColumns(): void {
    const { height, width, minPred, counts } = this.#dense;
    this.#denseColumnRank = grownInt32(this.#denseColumnRank, width);
    const { columnSums, columnLabels } = this;
    let columns = 0;
    for (let c = 0; c < width; c++) {
      let sum = 0;
      for (let r = 0; r < height; r++) sum += counts[r * width + c]!;
      this.#denseColumnRank[c] = columns;
      if (sum === 0) continue;
      columnLabels[columns] = minPred + c;
      columnSums[columns++] = sum;
    }
    this.columns = columns;
  }

  #countSparse(pair: LabelPair): void {
    this.#sparse ??= new PairSort();
    const { trueRanks, predRanks } = this.#sparse;
    const { minTrue, maxTrue, minPred, maxPred, total } = this.#range;
    this.total = total;
    this.#sparse.keepTrue(pair, total);
    trueRanks.rank(this.#sparse.kept, total, minTrue, maxTrue);
    this.#sparse.keepPred(pair, total);
    predRanks.rank(this.#sparse.kept, total, minPred, maxPred);
    this.rows = trueRanks.distinct;
    this.columns = predRanks.distinct;
    this.#allot(this.rows, this.columns, total);
    for (let r = 0; r < this.rows; r++) this.rowLabels[r] = trueRanks.labels[r]!;
    for (let c = 0; c < this.columns; c++) this.columnLabels[c] = predRanks.labels[c]!;
    this.#sparse.sort(this);
    this.#countRuns(this.#sparse.columnsByRow);
  }

  /** Counts the runs of equal columns within each row. */
  #countRuns(columnsByRow: Int32Array): void {
    const { cellRow, cellColumn, cellCount } = this;
    let cells = 0;
    let position = 0;
    for (let r = 0; r < this.rows; r++) {
      const end = position + this.rowSums[r]!;
      while (position < end) {
        const column = columnsByRow[position]!;
        const start = position;
        while (position < end && columnsByRow[position] === column) position++;
        cellRow[cells] = r;
        cellColumn[cells] = column;
        cellCount[cells++] = position - start;
      }
    }
    this.cells = cells;
  }

  /** Makes room for at most so many rows, columns and cells. */
  #allot(rows: number, columns: number, cells: number): void {
    this.rowSums = grownInt32(this.rowSums, rows);
    this.rowLabels = grownFloat64(this.rowLabels, rows);
    this.columnSums = grownInt32(this.columnSums, columns);
    this.columnLabels = grownFloat64(this.columnLabels, columns);
    this.cellRow = grownInt32(this.cellRow, cells);
    this.cellColumn = grownInt32(this.cellColumn, cells);
    this.cellCount = grownInt32(this.cellCount, cells);
  }
}

/**
 * The table of two whole labelings.
 *
 * @param others names that `options` may have beside those of {@link PairOptions}
 * @throws MetricInputError for unknown options, labels that are not integers and different lengths
 */
export function tableOf(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: PairOptions = {},
  ...others: readonly string[]
): ContingencyTable {
  requireOptions(options, [...others, 'ignoreLabel']);
  const trueNumbers = labelNumbers(labelsTrue, 'labelsTrue');
  const predNumbers = labelNumbers(labelsPred, 'labelsPred');
  requireSameLength(trueNumbers, predNumbers);
  const table = new ContingencyCounter();
  table.count({
    labelsTrue: trueNumbers,
    trueStart: 0,
    labelsPred: predNumbers,
    predStart: 0,
    length: trueNumbers.length,
    ignore: ignoredLabel(options.ignoreLabel),
  });
  return table;
}
