import { describe, expect, it } from 'vitest';
import { scoresOf } from './record.js';
import { SCORE_KEYS } from './table.js';
import { epochSentence, exactScoreText, scoreSentence, scoreText } from './text.js';

const scores = scoresOf((key) => SCORE_KEYS.indexOf(key) / 8);

describe('scores in words', () => {
  it('name what is alike once, and leave out what could not be computed', () => {
    expect(scoreSentence({ ...scores, confidence: Number.NaN, predictionLoss: undefined })).toBe(
      'AMI 0.000 (max, as in the paper), 0.125 (arithmetic), ARI 0.250, loss 0.5',
    );
    expect(scoreSentence({ loss: Number.NaN, predictionLoss: 3 })).toBe('loss –, next-step loss 3.0');
  });

  it('of an epoch begin with the loss', () => {
    const epoch = { loss: 120.26, adjustedRand: 0.5, adjustedMutualInfo: 0.25, confidence: 1 };
    expect(epochSentence(epoch)).toBe('loss 120.3, ARI 0.500, AMI (max) 0.250, confidence 1.000');
    const without = { adjustedRand: Number.NaN, adjustedMutualInfo: Number.NaN, confidence: Number.NaN };
    expect(epochSentence({ loss: 120.26, ...without })).toBe('loss 120.3');
    expect(epochSentence({ loss: Number.NaN, ...without })).toBe('loss –');
  });

  it('that round to zero have no sign', () => {
    expect([scoreText('adjustedRand', -0.0004), exactScoreText('adjustedRand', -0.0004)]).toEqual(['0.000', '0.000']);
  });

  it('show small differences of losses where they are exact', () => {
    expect([scoreText('loss', 123.45678), exactScoreText('loss', 123.45678)]).toEqual(['123.5', '123.46']);
    expect([scoreText('confidence', 0.98765), exactScoreText('confidence', 0.98765)]).toEqual(['0.988', '0.988']);
    expect([scoreText('loss', Number.NaN), exactScoreText('loss')]).toEqual(['–', '–']);
  });
});
