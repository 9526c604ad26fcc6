import { describe, expect, it } from 'vitest';
import { DenseCounts } from './dense-counts.js';
import type { LabelPair } from './label-pair.js';

const pairOf = (labelsTrue: number[], labelsPred: number[], ignore = Number.NaN): LabelPair => ({
  labelsTrue,
  trueStart: 0,
  labelsPred,
  predStart: 0,
  length: labelsTrue.length,
  ignore,
});
const range = (minTrue: number, maxTrue: number, minPred: number, maxPred: number) => ({
  minTrue,
  maxTrue,
  minPred,
  maxPred,
  total: 1,
});

describe('DenseCounts', () => {
  it('counts only inside its window', () => {
    const dense = new DenseCounts();
    expect(dense.count(pairOf([1], [1]))).toBe(false);
    expect(dense.moveTo(range(1, 2, -1, 1), 6)).toBe(true);
    expect(dense.count(pairOf([1, 2, 2, 2], [-1, 1, 1, 0]))).toBe(true);
    expect([...dense.counts.subarray(0, 6)]).toEqual([1, 0, 0, 0, 1, 2]);
    expect(dense.total).toBe(4);
    expect(dense.count(pairOf([3], [0]))).toBe(false);
    expect(dense.count(pairOf([1], [2]))).toBe(false);
    expect(dense.count(pairOf([1.5], [0]))).toBe(false);
    expect(dense.count(pairOf([1], [Number.NaN]))).toBe(false);
  });

  it('skips the ignored label, whatever its cluster is', () => {
    const dense = new DenseCounts();
    dense.moveTo(range(1, 2, 0, 1), 4);
    expect(dense.count(pairOf([0, 1], [9, 1], 0))).toBe(true);
    expect(dense.total).toBe(1);
    expect(dense.count(pairOf([0, 1], [0.5, 1], 0))).toBe(false);
  });

  it('widens its window while that fits, then moves it, and refuses what never fits', () => {
    const dense = new DenseCounts();
    dense.moveTo(range(5, 6, 5, 6), 8);
    expect([dense.minTrue, dense.height, dense.minPred, dense.width]).toEqual([5, 2, 5, 2]);
    dense.moveTo(range(7, 8, 5, 6), 8);
    expect([dense.minTrue, dense.height, dense.minPred, dense.width]).toEqual([5, 4, 5, 2]);
    dense.moveTo(range(9, 10, 5, 7), 8);
    expect([dense.minTrue, dense.height, dense.minPred, dense.width]).toEqual([9, 2, 5, 3]);
    expect(dense.moveTo(range(0, 2, 0, 2), 8)).toBe(false);
    expect(dense.moveTo(range(2 ** 31, 2 ** 31, 0, 0), 8)).toBe(false);
  });
});
