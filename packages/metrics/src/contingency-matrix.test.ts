import { describe, expect, it } from 'vitest';
import { contingencyMatrix } from './contingency-matrix.js';

describe('contingencyMatrix', () => {
  it('has a row for each class and a column for each cluster, ascending', () => {
    expect(contingencyMatrix([5, 5, -1, -1, -1], [70, 2, 2, 2, 30])).toEqual([
      [2, 1, 0],
      [1, 0, 1],
    ]);
  });

  it('drops the ignored class', () => {
    expect(contingencyMatrix([0, 0, 1, 2], [1, 2, 3, 3], { ignoreLabel: 0 })).toEqual([[1], [1]]);
  });

  it('is empty for no samples', () => {
    expect(contingencyMatrix([], [])).toEqual([]);
    expect(contingencyMatrix([0], [3], { ignoreLabel: 0, sparse: true }).indptr).toEqual(new Int32Array([0]));
  });

  it('comes in compressed sparse row form', () => {
    expect(contingencyMatrix([5, 5, -1, -1, -1], [70, 2, 2, 2, 30], { sparse: true })).toEqual({
      rowLabels: new Float64Array([-1, 5]),
      columnLabels: new Float64Array([2, 30, 70]),
      indptr: new Int32Array([0, 2, 4]),
      indices: new Int32Array([0, 1, 0, 2]),
      data: new Int32Array([2, 1, 1, 1]),
    });
  });

  it('asks for the sparse form where the dense one would be huge', () => {
    const labels = Int32Array.from({ length: 5000 }, (_, i) => i);
    expect(() => contingencyMatrix(labels, labels)).toThrow(
      'the contingency matrix has 5000 x 5000 cells, more than the 16777216 of the largest dense one; pass { sparse: true }.',
    );
    expect(contingencyMatrix(labels, labels, { sparse: true }).data).toHaveLength(5000);
  });
});
