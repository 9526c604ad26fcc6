import { tableOf } from './contingency-counter.js';
import type { ContingencyTable } from './contingency-table.js';
import { MetricInputError } from './errors.js';
import { describe, type Labels, type PairOptions } from './labels.js';

/** More cells than this make a dense matrix unreasonable: `contingencyMatrix` then asks for `sparse`. */
const DENSE_CELLS = 2 ** 24;

/** Options of {@link contingencyMatrix}. */
export interface ContingencyMatrixOptions extends PairOptions {
  /** Return a {@link SparseContingencyMatrix}, whose size does not grow with rows × columns. Default false. */
  sparse?: boolean | undefined;
}

/**
 * A contingency matrix in compressed sparse row form: row r holds the entries `indptr[r]` … `indptr[r + 1] − 1` of
 * `indices` (their columns, ascending) and `data` (their counts).
 */
export interface SparseContingencyMatrix {
  /** The distinct true labels, ascending: one for each row. */
  rowLabels: Float64Array;
  /** The distinct predicted labels, ascending: one for each column. */
  columnLabels: Float64Array;
  /** Length rows + 1. */
  indptr: Int32Array;
  /** Column of each non-zero entry. */
  indices: Int32Array;
  /** Count of each non-zero entry, at least 1. */
  data: Int32Array;
}

/**
 * The contingency matrix of two labelings: entry [i][j] counts the samples of the i-th true class and the j-th
 * predicted cluster, both in ascending order of their labels. Empty input gives an empty matrix.
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns rows × columns counts, or with `sparse: true` the compressed sparse row form
 * @throws MetricInputError for labels that are not integers, for different lengths, and for a dense matrix of more than
 * 2^24 cells
 */
export function contingencyMatrix(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: ContingencyMatrixOptions & { sparse: true },
): SparseContingencyMatrix;
export function contingencyMatrix(
  labelsTrue: Labels,
  labelsPred: Labels,
  options?: PairOptions & { sparse?: false | undefined },
): number[][];
export function contingencyMatrix(
  labelsTrue: Labels,
  labelsPred: Labels,
  options: ContingencyMatrixOptions = {},
): number[][] | SparseContingencyMatrix {
  const table = tableOf(labelsTrue, labelsPred, options, 'sparse');
  const { sparse = false } = options;
  if (typeof sparse === 'boolean') return sparse ? sparseMatrix(table) : denseMatrix(table);
  throw new MetricInputError('sparse', `sparse is ${describe(sparse)}, but it must be true or false.`);
}

function denseMatrix(table: ContingencyTable): number[][] {
  const { rows, columns, cells, cellRow, cellColumn, cellCount } = table;
  if (rows * columns > DENSE_CELLS) {
    throw new MetricInputError(
      'sparse',
      `the contingency matrix has ${rows} x ${columns} cells, more than the ${DENSE_CELLS} of the largest dense one; pass { sparse: true }.`,
    );
  }
  const matrix = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  for (let i = 0; i < cells; i++) matrix[cellRow[i]!]![cellColumn[i]!] = cellCount[i]!;
  return matrix;
}

function sparseMatrix(table: ContingencyTable): SparseContingencyMatrix {
  const { rows, columns, cells, cellRow } = table;
  const indptr = new Int32Array(rows + 1);
  for (let i = 0; i < cells; i++) indptr[cellRow[i]! + 1]!++;
  for (let r = 0; r < rows; r++) indptr[r + 1]! += indptr[r]!;
  return {
    rowLabels: table.rowLabels.slice(0, rows),
    columnLabels: table.columnLabels.slice(0, columns),
    indptr,
    indices: table.cellColumn.slice(0, cells),
    data: table.cellCount.slice(0, cells),
  };
}
