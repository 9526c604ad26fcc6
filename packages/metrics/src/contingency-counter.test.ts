import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContingencyCounter, tableOf } from './contingency-counter.js';

/** The table's cells as [true label, predicted label, count], and its sums by label. */
function contents(table: ContingencyCounter) {
  const cells = [];
  for (let i = 0; i < table.cells; i++) {
    cells.push([
      table.rowLabels[table.cellRow[i]!],
      table.columnLabels[table.cellColumn[i]!],
      table.cellCount[i],
    ] as number[]);
  }
  const rows = Array.from({ length: table.rows }, (_, r) => [table.rowLabels[r]!, table.rowSums[r]!]);
  const columns = Array.from({ length: table.columns }, (_, c) => [table.columnLabels[c]!, table.columnSums[c]!]);
  return { total: table.total, cells, rows, columns };
}

/** The same, counted with maps. */
function counted(labelsTrue: number[], labelsPred: number[], ignore: number) {
  const pairs = labelsTrue.map((label, i) => [label, labelsPred[i]!]).filter(([label]) => label !== ignore);
  const tally = (keys: number[][]) => {
    const counts = new Map<string, number[]>();
    for (const key of keys) {
      const entry = counts.get(key.join()) ?? [...key, 0];
      entry[key.length]!++;
      counts.set(key.join(), entry);
    }
    return [...counts.values()].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
  };
  return {
    total: pairs.length,
    cells: tally(pairs),
    rows: tally(pairs.map(([label]) => [label!])),
    columns: tally(pairs.map(([, cluster]) => [cluster!])),
  };
}

const label = fc.oneof(
  fc.integer({ min: -3, max: 5 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.maxSafeInteger(),
);
const labelings = fc
  .array(fc.tuple(label, label), { maxLength: 60 })
  .map((pairs) => [pairs.map(([t]) => t), pairs.map(([, p]) => p)] as const);
const smallLabelings = fc
  .array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: 100, max: 105 })), { maxLength: 60 })
  .map((pairs) => [pairs.map(([t]) => t), pairs.map(([, p]) => p)] as const);

describe('ContingencyCounter', () => {
  it('counts as a map does, whatever it counted before', () => {
    const table = new ContingencyCounter();
    fc.assert(
      fc.property(
        fc.oneof(labelings, smallLabelings),
        fc.constantFrom(Number.NaN, 0, 1),
        ([labelsTrue, labelsPred], ignore) => {
          const length = labelsTrue.length;
          table.count({ labelsTrue, trueStart: 0, labelsPred, predStart: 0, length, ignore });
          expect(contents(table)).toEqual(counted(labelsTrue, labelsPred, ignore));
        },
      ),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('skips a dropped sample whose cluster has a large label', () => {
    const table = new ContingencyCounter();
    const labelsTrue = [1, 0, 2];
    const labelsPred = [3, 2 ** 40, 3];
    table.count({ labelsTrue, trueStart: 0, labelsPred, predStart: 0, length: 3, ignore: 0 });
    expect(contents(table)).toEqual(counted([1, 2], [3, 3], 0));
  });

  it('counts from a start in each array', () => {
    const table = new ContingencyCounter();
    table.count({
      labelsTrue: [9, 1, 2],
      trueStart: 1,
      labelsPred: [9, 9, 3, 3],
      predStart: 2,
      length: 2,
      ignore: Number.NaN,
    });
    expect(contents(table)).toEqual(counted([1, 2], [3, 3], Number.NaN));
  });

  it('never makes a table of rows × columns: a million classes against a million clusters', () => {
    const length = 1_000_000;
    const labelsTrue = Int32Array.from({ length }, (_, i) => i);
    const labelsPred = Int32Array.from({ length }, (_, i) => length - i);
    const table = tableOf(labelsTrue, labelsPred);
    expect([table.rows, table.columns, table.cells]).toEqual([length, length, length]);
  });
});
