import { describe, expect, it } from 'vitest';
import { LabelRanks } from './label-ranks.js';

function rank(ranks: LabelRanks, labels: number[]) {
  ranks.rank(Float64Array.from(labels), labels.length, Math.min(...labels), Math.max(...labels));
  return {
    distinct: ranks.distinct,
    labels: [...ranks.labels.subarray(0, ranks.distinct)],
    ranks: [...ranks.ranks.subarray(0, labels.length)],
  };
}

describe('LabelRanks', () => {
  it.each([
    ['close together', 0],
    ['far apart', 2 ** 50],
  ])('ranks labels that lie %s', (_, far) => {
    expect(rank(new LabelRanks(), [7 + far, -2, 7 + far, 5, -2])).toEqual({
      distinct: 3,
      labels: [-2, 5, 7 + far],
      ranks: [2, 0, 2, 1, 0],
    });
  });

  it('gives 0 and -0 the same rank', () => {
    expect(rank(new LabelRanks(), [0, -0, 2 ** 50])).toEqual({ distinct: 2, labels: [0, 2 ** 50], ranks: [0, 0, 1] });
  });

  it('ranks other labels afterwards', () => {
    const ranks = new LabelRanks();
    rank(ranks, [9, 8, 7, 6, 5, 4, 3, 2 ** 40]);
    expect(rank(ranks, [1, 2 ** 41])).toEqual({ distinct: 2, labels: [1, 2 ** 41], ranks: [0, 1] });
    expect(rank(ranks, [3, 1])).toEqual({ distinct: 2, labels: [1, 3], ranks: [1, 0] });
  });
});
