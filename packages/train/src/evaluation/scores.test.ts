import { describe, expect, it } from 'vitest';
import {
  epochScoreOf,
  epochSentence,
  exactScoreText,
  PAPER_SCORE,
  SCORE_KEYS,
  scoreOf,
  scoreSentence,
  scoresOf,
  scoreText,
  variantsOf,
} from './scores.js';

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
    expect(variantsOf(PAPER_SCORE)).toEqual(['adjustedMutualInfo.arithmetic']);
    expect(variantsOf('loss')).toEqual([]);
  });
});

describe('scores in words', () => {
  it('name what is alike once, and have a dash for what could not be computed', () => {
    expect(scoreSentence({ ...scores, confidence: Number.NaN, predictionLoss: undefined })).toBe(
      'AMI 0.000 (max, as in the paper), 0.125 (arithmetic), ARI 0.250, confidence –, loss 0.5, next-step loss –',
    );
  });

  it('of an epoch begin with the loss', () => {
    const epoch = { loss: 120.26, adjustedRand: 0.5, adjustedMutualInfo: 0.25, confidence: 1 };
    expect(epochSentence(epoch)).toBe('loss 120.3, ARI 0.500, AMI (max) 0.250, confidence 1.000');
  });

  it('show small differences of losses where they are exact', () => {
    expect([scoreText('loss', 123.45678), exactScoreText('loss', 123.45678)]).toEqual(['123.5', '123.46']);
    expect([scoreText('confidence', 0.98765), exactScoreText('confidence', 0.98765)]).toEqual(['0.988', '0.988']);
    expect([scoreText('loss', Number.NaN), exactScoreText('loss')]).toEqual(['–', '–']);
  });
});
