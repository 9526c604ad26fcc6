/**
 * The contingency table of two labelings, as every score reads it: the sizes of the true classes (rows), of the
 * predicted clusters (columns) and of their non-empty intersections (cells). Rows, columns, and the cells of a row are
 * in ascending order of their labels. Arrays may be longer than the table: only their first entries belong to it.
 */
export interface ContingencyTable {
  /** Samples counted; those with the ignored label are left out. */
  readonly total: number;
  /** Number of true classes. */
  readonly rows: number;
  /** Number of predicted clusters. */
  readonly columns: number;
  /** Number of pairs of a class and a cluster that share a sample. */
  readonly cells: number;
  /** Size of each class: the first `rows` entries. */
  readonly rowSums: Int32Array;
  /** Size of each cluster: the first `columns` entries. */
  readonly columnSums: Int32Array;
  /** Label of each class: the first `rows` entries. */
  readonly rowLabels: Float64Array;
  /** Label of each cluster: the first `columns` entries. */
  readonly columnLabels: Float64Array;
  /** Row of each cell: the first `cells` entries. */
  readonly cellRow: Int32Array;
  /** Column of each cell: the first `cells` entries. */
  readonly cellColumn: Int32Array;
  /** Samples in each cell, at least 1: the first `cells` entries. */
  readonly cellCount: Int32Array;
}
