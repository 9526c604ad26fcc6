import { fixed } from '../words.js';
import { type EpochScores, epochScoreOf, type Scores, scoreOf } from './record.js';
import { SCORES, type ScoreKey, scoreDefinition, UNITS, VIEWS } from './table.js';

/** What stands for a number that could not be computed. */
const NO_NUMBER = '–';

/** The decimals that a score is written with. */
export const decimalsOf = (key: ScoreKey): number => UNITS[SCORES[key].unit].decimals;

/** A score as text. */
export const scoreText = (key: ScoreKey, value: number): string =>
  Number.isFinite(value) ? fixed(value, decimalsOf(key)) : NO_NUMBER;

/** A score as text that shows small differences; a dash for one that is absent too. */
export const exactScoreText = (key: ScoreKey, value = Number.NaN): string =>
  Number.isFinite(value) ? UNITS[SCORES[key].unit].exact(value) : NO_NUMBER;

/** Scores of a test in a sentence, e.g. `AMI 0.812 (max, as in the paper), 0.823 (arithmetic), ARI 0.9`. */
export function scoreSentence(scores: Partial<Scores<number>>): string {
  const parts = VIEWS.test.map((key, i) => {
    const { name, note } = scoreDefinition(key);
    const value = scoreText(key, scoreOf(scores, key) ?? Number.NaN);
    const isNamed = i > 0 && scoreDefinition(VIEWS.test[i - 1] as ScoreKey).name === name;
    return `${isNamed ? '' : `${name} `}${value}${note === undefined ? '' : ` (${note})`}`;
  });
  return parts.join(', ');
}

/** Scores of an epoch in a sentence, e.g. `loss 120.3, ARI 0.900`. */
export const epochSentence = (scores: Partial<EpochScores>): string =>
  VIEWS.epochLine
    .map((key) => {
      const value = epochScoreOf(scores, key) ?? Number.NaN;
      return `${SCORES[key].label} ${fixed(value, decimalsOf(key))}`;
    })
    .join(', ');
