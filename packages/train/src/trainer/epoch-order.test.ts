import { BatchOrder } from '@nem/datasets';
import { describe, expect, it } from 'vitest';
import { type EpochOrder, epochOrder } from './epoch-order.js';

const all = (order: EpochOrder) => Array.from({ length: order.length }, (_, batch) => Array.from(order.indices(batch)));

describe('epochOrder', () => {
  it('shuffles all inputs, full batches where there are any', () => {
    const options = { size: 10, batchSize: 3, seed: 7, epoch: 2 };
    expect(all(epochOrder(options))).toEqual(all(new BatchOrder({ ...options, dropLast: true })));
    expect(all(epochOrder({ ...options, batchSize: 20 }))[0]).toHaveLength(10);
  });

  it('goes on from epoch to epoch where an epoch has so many inputs, without end', () => {
    const options = { size: 2 ** 32, batchSize: 2, seed: 7, epochInputs: 5 };
    expect(all(epochOrder({ ...options, epoch: 1 }))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(all(epochOrder({ ...options, epoch: 2 }))).toEqual([
      [4, 5],
      [6, 7],
    ]);
    expect(all(epochOrder({ ...options, epoch: 500_000_000 }))[1]).toEqual([1_999_999_998, 1_999_999_999]);
  });

  it('begins again after the last input', () => {
    expect(all(epochOrder({ size: 5, batchSize: 3, seed: 7, epochInputs: 3, epoch: 2 }))).toEqual([[3, 4, 0]]);
  });

  it('has an update an epoch at least', () => {
    expect(all(epochOrder({ size: 9, batchSize: 4, seed: 7, epochInputs: 1, epoch: 2 }))).toEqual([[4, 5, 6, 7]]);
  });
});
