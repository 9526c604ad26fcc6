import { describe, expect, it } from 'vitest';
import { epochScoreOf, epochScoresOf, scoreOf, scoresOf, variantsOf } from './record.js';
import { PAPER_SCORE, SCORE_KEYS } from './table.js';

const scores = scoresOf((key) => SCORE_KEYS.indexOf(key) / 8);

describe('scores of a record', () => {
  it('have the fields of run folders, in their order', () => {
    expect(JSON.stringify(scores)).toBe(
      '{"adjustedMutualInfo":{"max":0,"arithmetic":0.125},"adjustedRand":0.25,"confidence":0.375,"loss":0.5,"predictionLoss":0.625}',
    );
  });

  it('are found by their keys', () => {
    expect(SCORE_KEYS.map((key) => scoreOf(scores, key))).toEqual(SCORE_KEYS.map((_, i) => i / 8));
    expect(scoreOf({}, PAPER_SCORE)).toBeUndefined();
    expect(epochScoreOf({ adjustedMutualInfo: 0.5 }, PAPER_SCORE)).toBe(0.5);
    expect(JSON.stringify(epochScoresOf({ inputs: 3, ...scores }))).toBe(
      '{"inputs":3,"adjustedMutualInfo":0,"adjustedRand":0.25,"confidence":0.375,"loss":0.5,"predictionLoss":0.625}',
    );
    expect(variantsOf(PAPER_SCORE)).toEqual(['adjustedMutualInfo.arithmetic']);
    expect(variantsOf('loss')).toEqual([]);
  });
});
